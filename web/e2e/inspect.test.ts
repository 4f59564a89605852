import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Running, startIronbark } from '../../src/cli/start.ts';
import { loadConfig } from '../../src/config/index.ts';
import { launchBrowser, NO_BROWSER } from '../../src/gateway/testing/chromium.ts';
import { openHome } from '../../src/storage/index.ts';
import { barriers, openPage, PHONE, say } from './page.ts';

describe.skipIf(NO_BROWSER !== undefined)('the visualizer, of a real assistant', () => {
  let browser: Browser;
  let running: Running;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ironbark-inspect-test-'));
    browser = await launchBrowser();
    running = await startIronbark({
      config: loadConfig({
        home: folder,
        env: {},
        overrides: [{ setting: 'gateway.port', value: 0, flag: 'test' }],
      }),
      home: openHome(folder),
      version: 'test',
      log: pino({ level: 'silent' }),
      env: {},
    });
  });
  afterAll(async () => {
    await running.stop();
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  let conversation = '';
  beforeEach(() => {
    conversation = `talk-${Math.random().toString(36).slice(2)}`;
  });

  const open = (path: string, options: BrowserContextOptions = {}) =>
    openPage(
      browser,
      { url: running.url(), gateway: { loginLink: () => running.loginLink() } },
      path,
      options,
    );

  /** Something said from elsewhere. */
  const tell = (text: string) =>
    running.assistant.accept({
      channel: 'web',
      externalId: `${conversation} ${text}`,
      conversationId: conversation,
      input: { type: 'message', text },
    });

  const lit = (page: Page) => page.locator('.chart-drawing .is-active:not(.outer) .title');

  test('says in a sentence what it waits for, and lights the state', async () => {
    const { page, complaints } = await open('/inspect');
    await page.getByText('It rests.').waitFor();
    expect(await lit(page).count()).toBe(0);
    await tell('write file shopping.md: bread');
    await page.getByText('It waits for you: may it run write_file?').waitFor();
    await lit(page).getByText('awaiting approval').waitFor();
    await page.getByText('What can happen next').waitFor();
    // The messages of the turn, down to the question.
    await page.locator('.sequence text', { hasText: 'wants write file' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);

    await page.getByRole('link', { name: 'Answer' }).click();
    await page.getByRole('button', { name: 'Allow once' }).click();
    await page.getByText('Wrote', { exact: false }).waitFor();
  });

  test('goes through a past turn step by step, in both directions', async () => {
    const { page } = await open('/');
    await say(page, 'what time is it in Tokyo?');
    await page.getByText('Tokyo', { exact: false }).nth(2).waitFor();
    await page.goto(`${running.url()}/inspect`);
    await page.getByRole('tab', { name: 'Past turns' }).click();
    await page.locator('.turns button', { hasText: 'Tokyo' }).click();
    await lit(page).getByText('done').waitFor();
    await page.keyboard.press('Home');
    await lit(page).getByText('routing').waitFor();
    // Faster than the page is drawn.
    for (const key of ['End', 'Home', 'ArrowRight']) await page.keyboard.press(key);
    await lit(page).getByText('thinking').waitFor();
    await page.locator('.changes').getByText('iteration').waitFor();
    expect(await page.locator('.sequence .later').count()).toBeGreaterThan(0);
    expect(new URL(page.url()).searchParams.get('step')).toBe('1');
    await page.reload();
    await lit(page).getByText('thinking').waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy as test' }).click();
    await page.getByText('The turn is in the clipboard').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toContain('turnMachine');
    expect(await barriers(page)).toEqual([]);
  });

  test('restarts an actor when asked to, and shows that it was', async () => {
    const { page } = await open('/inspect?actor=root/conversations/sweeper');
    await page.getByRole('button', { name: 'Restart…' }).click();
    await page.getByRole('button', { name: 'Restart', exact: true }).click();
    await page.getByText('started again by its supervisor').first().waitFor();
    await page
      .getByRole('treeitem', { name: /sweeper/ })
      .getByText('↻1')
      .waitFor();
  });

  test('fits on a phone, in the dark', async () => {
    const { page, complaints } = await open('/inspect', { ...PHONE, colorScheme: 'dark' });
    await page.getByText('This is what each message goes through.').waitFor();
    await page.locator('.chart-drawing svg').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
