import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import type { RunningGateway } from '../../src/gateway/testing/running-gateway.ts';

export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
};

/** Shorter than a test may take, so that what was waited for is named. */
const WAIT_MS = 15_000;

export interface OpenedPage {
  readonly page: Page;
  /** Errors and warnings of the browser's console, and what was thrown. */
  readonly complaints: readonly string[];
}

/** A page of its own browser, logged in, at one of its places. Closed when the test ends. */
export async function openPage(
  browser: Browser,
  running: Pick<RunningGateway, 'url'> & { readonly gateway: Pick<RunningGateway['gateway'], 'loginLink'> },
  path = '/',
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(running.gateway.loginLink());
  if (path !== '/') await page.goto(running.url + path);
  await page.getByText('Connected', { exact: true }).waitFor({ state: 'attached' });
  return { page, complaints };
}

export async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.keyboard.press('Enter');
}

/** What is half faded in has half its contrast. What breathes for ever is not waited for. */
const SETTLED = `Promise.allSettled(document.getAnimations()
  .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity)
  .map(({ finished }) => finished))`;

/** What axe finds that keeps people out: `serious` and `critical`, as `rule: element`. */
export async function barriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(SETTLED);
  await page.evaluate(axe.source);
  const found: unknown = await page.evaluate(`axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 120))))`);
  return Array.isArray(found) ? found.map(String) : [];
}
