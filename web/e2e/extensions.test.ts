import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, NO_BROWSER } from '../../src/gateway/testing/chromium.ts';
import { runWhole, type WholeAssistant } from '../../src/gateway/testing/whole-assistant.ts';
import { barriers, PHONE } from './page.ts';
import { openWholePage } from './whole-page.ts';

describe.skipIf(NO_BROWSER !== undefined)('the extensions page', () => {
  let browser: Browser;
  let whole: WholeAssistant;
  beforeAll(async () => {
    [browser, whole] = await Promise.all([launchBrowser(), runWhole()]);
  });
  afterAll(async () => {
    await browser.close();
    await whole[Symbol.asyncDispose]();
  });

  test('installs a tool after showing what it asks for, and removes it after asking', {
    timeout: 90_000,
  }, async () => {
    const { page, complaints } = await openWholePage(browser, whole, '/extensions');
    await page.getByText('No tools from outside yet').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add a tool' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Where it lies').fill('/no/such/tool');
    await dialog.getByRole('button', { name: 'Look at it' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Where it lies').fill(`${process.cwd()}/extensions/weather`);
    await dialog.getByRole('button', { name: 'Look at it' }).click();
    await dialog.getByText('It asks for this:').waitFor({ timeout: 45_000 });
    expect(whole.assistant.tools.list().some(({ name }) => name === 'weather')).toBe(false);
    expect(await barriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Install it' }).click();
    const card = page.getByRole('article', { name: 'weather' });
    await card.waitFor({ timeout: 45_000 });
    await card.getByText('Secrets and details').click();
    await card.getByText('Component:').waitFor();
    expect(await barriers(page)).toEqual([]);
    await card.getByRole('button', { name: 'Remove weather' }).click();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('No tools from outside yet').waitFor();
    // The browser notes that a look for a tool which is not there was refused.
    expect(complaints.filter((one) => !one.includes('Failed to load resource'))).toEqual([]);
  });

  test('has a broken tool repaired with one click', async () => {
    const { page } = await openWholePage(browser, whole, '/');
    const tool = {
      ...{ tool: 'weather', failures: 5, last_error: 'It crashed.', last_at: '2029-12-31T08:00:00.000Z' },
      ...{ broken: true, repairs: 0, repair_job: null, last_result: null, repaired_at: null },
      source: '/files/weather',
    };
    await page.route('**/api/upkeep/tools', (route) => route.fulfill({ json: { tools: [tool] } }));
    await page.route('**/api/upkeep/tools/weather/repair', (route) =>
      route.fulfill({ status: 202, json: { job: 'J1', message: 'The job J1 repairs weather.' } }),
    );
    await page.evaluate(
      "history.pushState(null, '', '/extensions'); dispatchEvent(new PopStateEvent('popstate'))",
    );
    const card = page.getByRole('article', { name: 'weather' });
    await card.getByText('It crashed.').waitFor();
    expect(await barriers(page)).toEqual([]);
    await card.getByRole('button', { name: 'Repair' }).click();
    await page.getByText('The job J1 repairs weather.').waitFor();
    expect(new URL(page.url()).pathname).toBe('/jobs/J1');
  });

  test('lists every tool with what it can do, and finds them', async () => {
    const { page, complaints } = await openWholePage(browser, whole, '/extensions/tools', PHONE);
    await page.getByLabel('Find a tool').fill('write_file');
    const tool = page.locator('.known-tool', { hasText: 'write_file' });
    await tool.getByText('changes things').waitFor();
    await tool.locator('summary').click();
    await tool.locator('pre').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await page.getByLabel('Find a tool').fill('no such tool');
    await page.getByText('No tool fits.').waitFor();
    expect(complaints).toEqual([]);
  });
});
