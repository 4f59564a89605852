import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, NO_BROWSER } from '../src/gateway/testing/chromium.ts';
import { type RunningGateway, runGateway } from '../src/gateway/testing/running-gateway.ts';
import { type Benchmark, interleave, type Line, series } from './harness.ts';

/** What the page costs a browser: until something is seen, and with a long conversation. Needs `npm run build:web`. */
export const benchmark: Benchmark = {
  about: 'the page in Chromium: its first visit, and a conversation of 2,000 messages',
  defaultRounds: 3,
  async measure({ rounds }) {
    if (NO_BROWSER !== undefined) return [{ name: 'the page', skipped: NO_BROWSER }];
    const browser = await launchBrowser();
    try {
      const visits = series(() => visit(browser));
      const talks = series(() => longTalk(browser));
      await interleave(rounds, visits, talks);
      return lines(visits.values, talks.values);
    } finally {
      await browser.close();
    }
  },
};

/** Logged in and connected, in a browser context of its own. */
async function openPage(browser: Browser, { gateway }: RunningGateway): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(gateway.loginLink());
  await page.getByText('Connected', { exact: true }).waitFor({ state: 'attached' });
  return page;
}

interface Visit {
  readonly paintMs: number;
  readonly scriptKilobytes: number;
}

/** A browser that was never here. */
async function visit(browser: Browser): Promise<Visit> {
  await using running = await runGateway();
  const page = await openPage(browser, running);
  const paint = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime");
  const scripts: unknown = await page.evaluate(`Promise.all(performance.getEntriesByType('resource')
    .filter(({ name }) => name.endsWith('.js') && !name.includes('service-worker'))
    .map(({ name }) => fetch(name).then((answer) => answer.text())))`);
  const texts = Array.isArray(scripts) ? scripts.map(String) : [];
  const bytes = texts.reduce((sum, text) => sum + gzipSync(text).length, 0);
  await page.context().close();
  return { paintMs: Number(paint), scriptKilobytes: bytes / 1_000 };
}

interface Talk {
  readonly heldMs: number;
  readonly keyMs: number;
}

const EXCHANGES = 1_000;
const TYPED = 'quick brown fox';

async function longTalk(browser: Browser): Promise<Talk> {
  await using running = await runGateway();
  const page = await openPage(browser, running);
  await page.getByLabel('Message', { exact: true }).fill('begin');
  await page.keyboard.press('Enter');
  await page.getByText('You said: begin').waitFor();
  const [talk] = await running.assistant.conversations(1);
  if (!talk) throw new Error('there is no conversation');
  for (let number = 0; number < EXCHANGES; number++) exchange(running, talk.conversationId, number);
  await page.reload();
  await page.getByText(`Question ${EXCHANGES - 1}`).waitFor();
  await showAll(page);
  const heldMs = Number(await page.evaluate(SCROLL));
  const input = page.getByLabel('Message', { exact: true });
  await input.focus();
  const began = performance.now();
  await input.pressSequentially(TYPED);
  const keyMs = (performance.now() - began) / TYPED.length;
  await page.context().close();
  return { heldMs, keyMs };
}

function exchange({ assistant }: Awaited<ReturnType<typeof runGateway>>, talk: string, number: number): void {
  const turnId = `t${number}`;
  const messages = [{ inboxId: `i${number}`, text: `Question ${number}` }];
  const text = `Answer **${number}** with \`code\`.\n\n- one\n- two\n\nAnd a sentence that is long enough to wrap.`;
  const usage = { inputTokens: 0, outputTokens: 0 };
  assistant.appendSilently(talk, { type: 'turn.began', turnId, messages, route: 'query' });
  assistant.appendSilently(talk, {
    type: 'turn.replied',
    turnId,
    text,
    outboxId: `o${number}`,
    finish: 'answered',
    usage,
  });
}

async function showAll(page: Page): Promise<void> {
  const earlier = page.getByRole('button', { name: 'Earlier messages' });
  while ((await earlier.count()) > 0) await earlier.click({ timeout: 5_000 }).catch(() => {});
}

/** Through all of it three times; the longest task that held the page up. */
const SCROLL = `(async () => {
  const held = [];
  new PerformanceObserver((list) => held.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: 'longtask' });
  const scroller = document.querySelector('.transcript');
  for (let at = 0; at < 60; at++) {
    scroller.scrollTop = (scroller.scrollHeight * (at % 20)) / 20;
    await new Promise(requestAnimationFrame);
  }
  return Math.max(0, ...held);
})()`;

function lines(visits: readonly Visit[], talks: readonly Talk[]): readonly Line[] {
  return [
    figure(
      'first contentful paint, first visit',
      'ms',
      visits.map(({ paintMs }) => paintMs),
      1_000,
    ),
    figure(
      'JavaScript of the first visit, gzip',
      'kB',
      visits.map(({ scriptKilobytes }) => scriptKilobytes),
      150,
    ),
    figure(
      '2,000 messages, scrolled through: longest task',
      'ms',
      talks.map(({ heldMs }) => heldMs),
      200,
    ),
    figure(
      '2,000 messages: a key that is pressed',
      'ms',
      talks.map(({ keyMs }) => keyMs),
      50,
    ),
  ];
}

const figure = (name: string, unit: string, rounds: readonly number[], atMost: number): Line => ({
  name,
  unit,
  rounds,
  target: { atMost },
});
