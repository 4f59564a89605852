import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIGHTWEIGHT } from '../../src/core/routine-actions.ts';
import type { RoutineRun, RoutineTrigger } from '../../src/core/routines.ts';
import { launchBrowser, NO_BROWSER } from '../../src/gateway/testing/chromium.ts';
import { type RunningGateway, runGateway } from '../../src/gateway/testing/running-gateway.ts';
import { runWhole } from '../../src/gateway/testing/whole-assistant.ts';
import { barriers, openPage, PHONE } from './page.ts';
import { askWhole, openWholePage } from './whole-page.ts';

const MIDNIGHT: RoutineTrigger = { kind: 'cron', schedule: '0 0 * * *', timezone: 'Asia/Tokyo' };

const RUN: RoutineRun = {
  id: 'r1',
  routineId: 'routine-1',
  trigger: 'cron',
  cause: 'due 09:00',
  dueAt: '2029-12-31T08:00:00.000Z',
  startedAt: '2029-12-31T08:00:00.040Z',
  completedAt: '2029-12-31T08:00:05.000Z',
  status: 'ok',
  summary: 'Three meetings, the first at ten.',
  tokensUsed: 1_200,
  jobId: null,
  conversationId: 'run-r1',
  lateMs: 40,
};

async function add(
  { assistant }: RunningGateway,
  name: string,
  prompt: string,
  trigger: RoutineTrigger,
): Promise<void> {
  const made = await assistant.routines.create(
    {
      name,
      description: '',
      trigger,
      action: { ...LIGHTWEIGHT, kind: 'lightweight', prompt },
      conversationId: 'c1',
      by: 'user',
      origins: [],
    },
    name,
  );
  expect(made.ok).toBe(true);
}

/** Four of them, with runs of every kind. */
async function withRoutines(): Promise<RunningGateway> {
  const running = await runGateway();
  const { routines } = running.assistant;
  await add(running, 'morning', 'Say what is on today, in three lines.', MIDNIGHT);
  await add(running, 'invoices', 'File it under /invoices.', {
    kind: 'event',
    pattern: 'invoice',
    channel: 'web',
  });
  await add(running, 'deploys', 'Look whether the deploy went well.', {
    kind: 'webhook',
    path: 'deploys',
    secret: 'deploy_secret',
    proof: 'secret',
  });
  await add(running, 'backup', 'Is there a backup of today?', MIDNIGHT);
  await routines.update('backup', { enabled: false });
  routines.addRun('morning', { ...RUN, id: 'r0', status: 'failed', summary: 'The model did not answer.' });
  routines.addRun('morning', RUN);
  routines.addRun('invoices', {
    ...RUN,
    id: 'r2',
    status: 'failed',
    trigger: 'event',
    cause: 'message "invoice"',
  });
  const due = { routineId: 'routine-1', runId: null };
  const reason = 'nothing ran then';
  routines.addDue({ ...due, dueAt: '2029-12-29T08:00:00.000Z', state: 'missed', reason });
  routines.addDue({ ...due, dueAt: '2029-12-30T08:00:00.000Z', state: 'skipped', reason: 'one was running' });
  routines.addDue({ ...due, dueAt: RUN.dueAt ?? '', state: 'fired', reason: null, runId: 'r1' });
  return running;
}

const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

describe.skipIf(NO_BROWSER !== undefined)('the routines page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test('says how to begin where there are none', async () => {
    await using running = await runGateway();
    const { page, complaints } = await openPage(browser, running, '/routines');
    await page.getByText('Every weekday at eight, tell me what is on today.').waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('shows what there is, when it runs next, and whether it works', async () => {
    await using running = await withRoutines();
    running.assistant.routines.setLateness({
      runs: 3,
      p50Ms: 4,
      p99Ms: 1_500,
      maxMs: 1_500,
      alarmMs: 60_000,
    });
    const { page, complaints } = await openPage(browser, running, '/routines', { timezoneId: 'UTC' });
    await row(page, 'morning').getByText('works').waitFor();
    await row(page, 'morning').getByText('Wed, Jan 2, 2030').waitFor();
    await row(page, 'invoices').getByText('failed').waitFor();
    await row(page, 'deploys').getByText('not proven yet').waitFor();
    await row(page, 'backup').getByText('off', { exact: true }).waitFor();
    expect(await page.locator('.place-facts').textContent()).toBe(
      'All4On3Not proven yet2Failing1Runs today0Late by (p50, p99, most)4 ms, 1.5 s, 1.5 s',
    );
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('turns one off and on, and runs one now, which shows at once', async () => {
    await using running = await withRoutines();
    const { page } = await openPage(browser, running, '/routines');
    await page.getByRole('switch', { name: 'deploys is on' }).uncheck();
    await row(page, 'deploys').getByText('off', { exact: true }).waitFor();
    await page.getByRole('switch', { name: 'deploys is on' }).check();
    await row(page, 'deploys').getByText('not proven yet').waitFor();
    await page.getByRole('button', { name: 'Run deploys now' }).click();
    await row(page, 'deploys').getByText('running').waitFor();
    running.assistant.routines.addRun('deploys', { ...RUN, id: 'run-1', routineId: 'routine-3' });
    await row(page, 'deploys').getByText('works').waitFor();
  });

  test('shows one with its next times, its runs and what became of every due time', async () => {
    await using running = await withRoutines();
    const { page, complaints } = await openPage(browser, running, '/routines', { timezoneId: 'UTC' });
    await page.getByRole('link', { name: 'morning' }).click();
    await page.getByRole('heading', { name: 'Next times' }).waitFor();
    await expect.poll(() => page.locator('.routine-times li').count()).toBe(5);
    expect(await page.locator('.routine-times').textContent()).toContain('Asia/Tokyo');
    await row(page, 'Three meetings').getByText('done').waitFor();
    expect(
      await page
        .getByRole('link', { name: /^Steps of/ })
        .first()
        .getAttribute('href'),
    ).toBe('/chat/run-r1');
    await row(page, 'nothing ran then').getByText('missed').waitFor();
    await row(page, 'one was running').getByText('skipped').waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('makes one with the keyboard, and explains the schedule while it is typed', async () => {
    await using running = await runGateway();
    const { page, complaints } = await openPage(browser, running, '/routines', { timezoneId: 'UTC' });
    await page.getByRole('button', { name: 'New routine' }).waitFor();
    await page.keyboard.press('n');
    await page.getByLabel('Name').fill('evening');
    await page.getByLabel('What it does', { exact: true }).fill('Say good night.');
    await page.getByLabel('Schedule').fill('0 0 31 2 *');
    await page.getByText('February has no 31st').waitFor();
    await page.getByRole('button', { name: 'Fridays at 18' }).click();
    await expect.poll(() => page.locator('.routine-times li').count()).toBe(5);
    expect(await barriers(page)).toEqual([]);
    await page.getByLabel('Name').focus();
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'Next times' }).waitFor();
    expect(await running.assistant.routines.get('evening')).toMatchObject({
      by: 'user',
      trigger: { kind: 'cron', schedule: '0 18 * * 5', timezone: 'UTC' },
      action: { prompt: 'Say good night.' },
    });
    expect(complaints).toEqual([]);
  });

  test('says what is wrong with one and keeps what was typed', async () => {
    await using running = await withRoutines();
    const { page } = await openPage(browser, running, '/routines');
    await page.getByRole('button', { name: 'New', exact: true }).click();
    await page.getByLabel('Name').fill('morning');
    await page.getByLabel('What it does', { exact: true }).fill('Again.');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('There is a routine named "morning" already.').waitFor();
    expect(await page.getByLabel('What it does', { exact: true }).inputValue()).toBe('Again.');
  });

  test('changes one, and deletes it after a yes', async () => {
    await using running = await withRoutines();
    const { page } = await openPage(browser, running, '/routines/routine-2');
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Pattern').fill('receipt');
    await page.getByRole('dialog').getByText('More', { exact: true }).click();
    await page.getByLabel('While it runs').selectOption('queued');
    await page.getByLabel('What it may cost a day').fill('much');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    await page.getByLabel('What it may cost a day').fill('0,5');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('on messages like /receipt/').waitFor();
    expect(await running.assistant.routines.get('invoices')).toMatchObject({
      trigger: { pattern: 'receipt', channel: 'web' },
      guardrails: { runMode: 'queued', dayMicroUsd: 500_000 },
    });
    await page.getByText('$0.00 / $0.500').waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('link', { name: 'morning' }).waitFor();
    expect(await page.getByRole('link', { name: 'invoices' }).count()).toBe(0);
  });

  test.each(['/routines', '/routines/routine-1'])('fits a phone, in the dark: %s', async (path) => {
    await using running = await withRoutines();
    const { page, complaints } = await openPage(browser, running, path, { ...PHONE, colorScheme: 'dark' });
    await page
      .getByText(path === '/routines' ? 'invoices' : 'Due times')
      .first()
      .waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('leads from a run of the whole program to what it did', { timeout: 90_000 }, async () => {
    await using whole = await runWhole();
    const post = (path: string, body: object) =>
      askWhole(whole, `/api/routines${path}`, { method: 'POST', body });
    const trigger = { kind: 'cron', schedule: '0 8 * * 1-5', timezone: 'Europe/Berlin' };
    await post('', { name: 'morning', trigger, action: { kind: 'lightweight', prompt: 'What is on?' } });
    const { page, complaints } = await openWholePage(browser, whole, '/routines');
    await row(page, 'morning').getByText('not proven yet').waitFor();
    whole.model.enqueue({ type: 'answer', text: 'Two meetings, the first at ten.' });
    await page.getByRole('button', { name: 'Run morning now' }).click();
    await row(page, 'morning').getByText('has news').waitFor();
    await page.getByRole('link', { name: 'morning' }).click();
    await row(page, 'Two meetings')
      .getByRole('link', { name: /^Steps of/ })
      .click();
    await page.getByText('Two meetings, the first at ten.').waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/chat\/run-/);
    expect(complaints).toEqual([]);
  });
});
