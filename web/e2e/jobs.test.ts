import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JobOrder } from '../../src/core/work.ts';
import { launchBrowser, NO_BROWSER } from '../../src/gateway/testing/chromium.ts';
import { type RunningGateway, runGateway } from '../../src/gateway/testing/running-gateway.ts';
import { runWhole } from '../../src/gateway/testing/whole-assistant.ts';
import { barriers, openPage, PHONE } from './page.ts';
import { openWholePage } from './whole-page.ts';

const order = (title: string, more: Partial<JobOrder> = {}): JobOrder => ({
  title,
  description: 'Read every report and say where they differ.',
  work: { kind: 'task', mode: 'local' },
  priority: 'job',
  projectDir: null,
  limits: { iterations: 50, tokens: null, budgetMicroUsd: 500_000, minutes: null },
  tools: null,
  credentials: {},
  by: { kind: 'model', conversationId: 'c1', turnId: 't1', jobId: null },
  origins: [],
  ...more,
});

/** A job at work that has done this and that, with a part of its own. */
async function atWork(running: RunningGateway): Promise<string> {
  const { work } = running.assistant;
  const { id } = await work.create(order('Compare the reports', { origins: ['the file a.md'] }), 'a');
  work.move(id, 'inProgress', 'picked by the scheduler');
  const by = { kind: 'model', conversationId: `job-${id}`, turnId: 't1', jobId: id } as const;
  await work.create(order('Read the north', { by }), 'b');
  const steps = [
    { title: 'Read', status: 'done' },
    { title: 'Compare', status: 'active' },
  ];
  work.say(id, 'message', { role: 'assistant', content: 'I begin with **north**.' });
  work.say(id, 'tool_use', { tool_name: 'plan_update', input: { title: 'Reports', steps } });
  work.say(id, 'tool_use', { tool_name: 'read_file', input: { path: 'north.md' } });
  work.say(id, 'tool_result', { tool_name: 'read_file', output: 'Sales rose.' });
  work.contents.set('out', null).set('out/notes.md', '# Notes\n\nSales *rose*.');
  return id;
}

describe.skipIf(NO_BROWSER !== undefined)('the jobs page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test('says what to say where there is no job, and orders one', async () => {
    await using running = await runGateway();
    const { page, complaints } = await openPage(browser, running, '/jobs');
    await page.getByText('Have a job read every report').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('n');
    await page.getByLabel('Title').fill('Sum up my notes');
    await page.getByLabel('Where it works').selectOption('worker');
    await page.getByRole('button', { name: 'Begin', exact: true }).click();
    await page.getByText('systemctl start docker').waitFor();
    await page.getByLabel('Where it works').selectOption('local');
    await page.getByRole('button', { name: 'Begin', exact: true }).click();
    await page.getByRole('heading', { name: 'Sum up my notes' }).waitFor();
    expect(running.assistant.work.orders).toMatchObject([{ title: 'Sum up my notes', by: { kind: 'user' } }]);
    expect(complaints.filter((text) => !text.includes('400'))).toEqual([]);
  });

  test('lists jobs and follows them as they go on', async () => {
    await using running = await runGateway();
    const { work } = running.assistant;
    const id = await atWork(running);
    const { page, complaints } = await openPage(browser, running, '/jobs');
    const row = page.getByRole('row', { name: /Compare the reports/ });
    await row.getByText('running', { exact: true }).waitFor();
    expect(await row.getByRole('link', { name: 'the assistant' }).getAttribute('href')).toBe('/chat/c1');
    expect(await barriers(page)).toEqual([]);
    await work.create(order('Later on'), 'c');
    await page.getByRole('row', { name: /Later on/ }).waitFor();
    work.move(id, 'completed', 'it answered', 'They differ in **May**.');
    await row.getByText('done', { exact: true }).waitFor();
    await page.getByLabel('Show').selectOption('completed');
    await page.getByRole('row', { name: /Later on/ }).waitFor({ state: 'detached' });
    await row.getByRole('link', { name: 'Compare the reports' }).press('Enter');
    await page.locator('.markdown strong', { hasText: 'May' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('shows what a job does while it does it, its plan, its parts and its way', async () => {
    await using running = await runGateway();
    const id = await atWork(running);
    const { page, complaints } = await openPage(browser, running, `/jobs/${id}`);
    await page.locator('.jobs-activity strong', { hasText: 'north' }).waitFor();
    await page.locator('.plan .active', { hasText: 'Compare' }).waitFor();
    await page.getByRole('link', { name: 'Read the north' }).waitFor();
    await page.getByText('picked by the scheduler').waitFor();
    await page.getByText('Words from the file a.md').waitFor();
    expect(await page.getByRole('link', { name: 'Its conversation' }).getAttribute('href')).toBe(
      `/chat/job-${id}`,
    );
    await page.locator('.jobs-activity summary', { hasText: 'north.md' }).click();
    await page.locator('.jobs-activity pre', { hasText: '"path": "north.md"' }).waitFor();
    for (const at of [1, 2, 3])
      running.assistant.work.say(id, 'message', { role: 'assistant', content: `Word ${at}.` });
    await page.getByText('Word 3.').waitFor();
    const usage = {
      at: '2030-01-01T00:00:00.000Z',
      memoryBytes: 212e6,
      memoryLimitBytes: 2e9,
      cpuPercent: 34.4,
      processes: 12,
      processLimit: 256,
      disk: null,
    };
    running.assistant.work.announce({ type: 'job-usage', jobId: id, usage });
    await page.getByText('212.0 MB / 2.0 GB').waitFor();
    await page.getByText('34 % of a core').waitFor();
    await page.getByText('12 / 256').waitFor();
    expect(await page.locator('.jobs-activity li', { hasText: 'Word' }).count()).toBe(3);
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('is told something, stopped, and begun anew', async () => {
    await using running = await runGateway();
    const { work } = running.assistant;
    const id = await atWork(running);
    const { page } = await openPage(browser, running, `/jobs/${id}`);
    await page.getByLabel('Tell it something').fill('Only the last year.');
    await page.keyboard.press('Enter');
    await expect.poll(() => work.prompts).toEqual([`${id}: Only the last year.`]);
    await page.getByRole('button', { name: 'Stop it' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop it' }).click();
    await page.getByRole('button', { name: 'Begin anew' }).click();
    await expect.poll(() => work.orders.length).toBe(3);
    await page.waitForURL(/\/jobs\/job-000003$/);
    work.move('job-000003', 'inProgress');
    work.move('job-000003', 'completed', 'it answered', 'Done.');
    await page.getByRole('button', { name: 'Accept' }).click();
    await expect.poll(async () => (await work.get('job-000003'))?.state).toBe('accepted');
  });

  test('has the files of a job', async () => {
    await using running = await runGateway();
    const id = await atWork(running);
    const { page, complaints } = await openPage(browser, running, `/jobs/${id}`);
    await page.getByRole('tab', { name: 'Files' }).click();
    await page.getByRole('button', { name: 'out' }).click();
    await page.getByRole('button', { name: /notes.md/ }).click();
    await page.locator('.markdown em', { hasText: 'rose' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('navigation', { name: 'Folder' }).getByRole('button').first().click();
    await page.getByRole('button', { name: 'out' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('follows a job of the whole program, to its files and its conversation', async () => {
    await using whole = await runWhole();
    const order = { path: `jobs/report.md`, content: '# Three' };
    whole.model.enqueue(
      { type: 'answer', toolCalls: [{ name: 'write_file', arguments: order }] },
      { type: 'answer', text: 'There are **three**.' },
    );
    await whole.assistant.addGrant({ tool: 'write_file', targets: [], influenced: false });
    const { page, complaints } = await openWholePage(browser, whole, '/jobs');
    await page.getByRole('button', { name: 'New job' }).click();
    await page.getByLabel('Title').fill('Count the reports');
    await page.getByLabel('Where it works').selectOption('local');
    await page.getByRole('button', { name: 'Begin', exact: true }).click();
    await page.locator('.card .markdown strong', { hasText: 'three' }).waitFor();
    await page.locator('.jobs-activity summary', { hasText: 'write_file' }).first().waitFor();
    await page.getByRole('link', { name: 'Its conversation' }).click();
    await page.locator('.markdown strong', { hasText: 'three' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('says that there is no such job', async () => {
    await using running = await runGateway();
    const { page } = await openPage(browser, running, '/jobs/nothing');
    await page.getByRole('alert').getByText('There is no job nothing.').waitFor();
  });

  test('fits a phone, in the dark', async () => {
    await using running = await runGateway();
    const id = await atWork(running);
    for (const path of ['/jobs', `/jobs/${id}`]) {
      const { page, complaints } = await openPage(browser, running, path, { ...PHONE, colorScheme: 'dark' });
      await page.getByText('Compare the reports').first().waitFor();
      await page
        .getByText(path === '/jobs' ? 'Waiting' : 'I begin with')
        .first()
        .waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
      expect(await barriers(page)).toEqual([]);
      expect(complaints).toEqual([]);
    }
  });
});
