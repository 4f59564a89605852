import { pino } from 'pino';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLogRing } from '../../src/cli/log-desk.ts';
import { launchBrowser, NO_BROWSER } from '../../src/gateway/testing/chromium.ts';
import { runGateway } from '../../src/gateway/testing/running-gateway.ts';
import { barriers, openPage, PHONE } from './page.ts';
import { unsteadyProxy } from './unsteady-proxy.ts';

describe.skipIf(NO_BROWSER !== undefined)('the logs page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  async function logged() {
    const ring = createLogRing();
    const log = pino({ level: 'info', base: null }, ring.stream);
    const running = await runGateway({ logs: ring.desk(log) });
    return { running, log };
  }

  test('teaches what to do where nothing was logged', async () => {
    const { running } = await logged();
    await using _ = running;
    const { page, complaints } = await openPage(browser, running, '/logs');
    await page.getByText('Nothing was logged yet').waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('shows lines as they come, filters them, and leads to the turn', async () => {
    const { running, log } = await logged();
    await using _ = running;
    log.info('Before <b>the</b> page');
    const { page, complaints } = await openPage(browser, running, '/logs');
    await page.getByText('Before <b>the</b> page').waitFor();
    log.warn({ conversationId: 'c1', turnId: 't1', provider: 'openai' }, 'Asked again');
    await page.getByText('Asked again').click();
    expect(await page.getByRole('link', { name: 'What happened in this turn' }).getAttribute('href')).toBe(
      '/inspect?conversation=c1&turn=t1',
    );
    expect(await barriers(page)).toEqual([]);
    await page.getByLabel('Level').selectOption('warn');
    await page.getByText('Before <b>the</b> page').waitFor({ state: 'detached' });
    await page.getByLabel('Find').fill('no such words');
    await page.getByText('No line fits').waitFor();
    await page.getByRole('button', { name: 'Show everything' }).click();
    await page.getByText('Before <b>the</b> page').waitFor();
    expect(complaints).toEqual([]);
  });

  test('holds back what comes while it is paused, and shows it then', async () => {
    const { running, log } = await logged();
    await using _ = running;
    log.info('first');
    const { page, complaints } = await openPage(browser, running, '/logs');
    await page.getByText('first', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    log.info('second');
    await page.getByRole('button', { name: 'Go on: 1 new' }).waitFor();
    expect(await page.getByText('second', { exact: true }).count()).toBe(0);
    await page.getByRole('button', { name: 'Go on: 1 new' }).click();
    await page.getByText('second', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('follows the end until the user scrolls up', async () => {
    const { running, log } = await logged();
    await using _ = running;
    for (let line = 1; line <= 300; line++) log.info(`line ${line}`);
    const { page } = await openPage(browser, running, '/logs');
    const isAtEnd = () =>
      page.evaluate(`{
        const list = document.querySelector('.logs-lines');
        list.scrollHeight - list.scrollTop - list.clientHeight < 30;
      }`);
    await page.getByText('line 300', { exact: true }).waitFor();
    await expect.poll(isAtEnd).toBe(true);
    log.info('one more');
    await page.getByText('one more').waitFor();
    await expect.poll(isAtEnd).toBe(true);
    await page.locator('.logs-lines').hover();
    await page.mouse.wheel(0, -2_000);
    await page.getByRole('button', { name: 'Latest' }).waitFor();
    log.info('another');
    await page.getByText('another').waitFor({ state: 'attached' });
    expect(await isAtEnd()).toBe(false);
    await page.getByRole('button', { name: 'Latest' }).click();
    await expect.poll(isAtEnd).toBe(true);
  });

  test('downloads what is shown, and changes what the assistant writes', async () => {
    const { running, log } = await logged();
    await using _ = running;
    log.info('kept');
    log.error('wanted');
    const { page, complaints } = await openPage(browser, running, '/logs');
    await page.getByText('kept', { exact: true }).waitFor();
    await page.getByLabel('Level').selectOption('error');
    await page.getByText('kept', { exact: true }).waitFor({ state: 'detached' });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download what is shown' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^ironbark-.*\.jsonl$/);
    const text = (await (await download.createReadStream()).toArray()).join('');
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).message),
    ).toEqual(['wanted']);
    await page.getByLabel('Assistant writes').selectOption('debug');
    await page.getByText('The assistant now writes debug').waitFor();
    expect(log.level).toBe('debug');
    expect(complaints).toEqual([]);
  });

  test('goes on after the server was away, without lines twice', async () => {
    const { running, log } = await logged();
    await using _ = running;
    await using proxy = await unsteadyProxy(running.port);
    log.info('before');
    const { gateway } = running;
    const { page } = await openPage(browser, { url: proxy.url, gateway }, '/logs');
    await page.getByText('before', { exact: true }).waitFor();
    proxy.close();
    await page.locator('.badge', { hasText: 'Connecting…' }).waitFor();
    log.info('meanwhile');
    proxy.open();
    await page.getByText('meanwhile', { exact: true }).waitFor();
    expect(await page.getByText('before', { exact: true }).count()).toBe(1);
  });

  test('fits a phone, in the dark', async () => {
    const { running, log } = await logged();
    await using _ = running;
    log.info(`long ${'word'.repeat(60)}`);
    const { page, complaints } = await openPage(browser, running, '/logs', { ...PHONE, colorScheme: 'dark' });
    await page.getByText('wordword').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
