import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPage, say } from '../../web/e2e/page.ts';
import type { Json } from '../core/json.ts';
import { launchBrowser, NO_BROWSER } from './testing/chromium.ts';
import { runGateway } from './testing/running-gateway.ts';

if (NO_BROWSER !== undefined) console.warn(NO_BROWSER);

const texts = async (found: Locator): Promise<readonly string[]> =>
  (await found.allTextContents()).map((text) => text.trim());

const messages = (page: Page): Promise<readonly string[]> => texts(page.locator('.message'));

describe.skipIf(NO_BROWSER !== undefined)('the page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test('logs in by link, sends, shows the reply, and keeps all of it over a reload', async () => {
    await using running = await runGateway();
    const { page, complaints } = await openPage(browser, running);
    expect(page.url()).toBe(`${running.url}/`);
    expect(await page.locator('#text:focus').count()).toBe(1);
    await say(page, 'hello <b>there</b>');
    await page.getByText('You said: hello <b>there</b>').waitFor();
    await page.reload();
    await page.getByText('You said: hello <b>there</b>').waitFor();
    expect(await messages(page)).toEqual(['hello <b>there</b>', 'You said: hello <b>there</b>']);
    expect(running.assistant.inbox).toHaveLength(1);
    expect(complaints).toEqual([]);
  });

  test('shows what is strong and what is code as such, and nothing as markup', async () => {
    await using running = await runGateway();
    const { page } = await openPage(browser, running);
    await say(page, 'take **care** with `rm <b>` and 2 ** 3');
    const answer = page.locator('.message.assistant');
    await answer.getByText('You said').waitFor();
    expect(await answer.locator('strong').allTextContents()).toEqual(['care']);
    expect(await answer.locator('code').allTextContents()).toEqual(['rm <b>']);
    expect((await answer.textContent())?.trim()).toBe('You said: take care with rm <b> and 2 ** 3');
  });

  test('asks for an approval, takes the answer, and shows the tool and its result', async () => {
    await using running = await runGateway();
    const { page, complaints } = await openPage(browser, running);
    await say(page, 'tool please');
    await page.getByText('asks for your approval').waitFor();
    await page.getByRole('button', { name: 'Allow once' }).click();
    await page.getByText('Done: notes.md is written.').waitFor();
    await page.getByText('Allowed once').waitFor();
    expect(await page.locator('.tool summary').textContent()).toBe('write_filenotes.mdsucceeded12 ms');
    expect(complaints).toEqual([]);
  });

  test('denies with a reason, and shows an approval that is no longer waited for as such', async () => {
    await using running = await runGateway();
    const { page } = await openPage(browser, running);
    await say(page, 'tool please');
    await page.getByLabel('Reason').fill('not now');
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByText('Denied: not now').waitFor();
    await say(page, 'tool again');
    await page.getByRole('button', { name: 'Allow once' }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('No longer needed').waitFor();
    expect(await page.getByRole('button', { name: 'Allow once' }).count()).toBe(0);
  });

  test('shows what an answer would cover, whose words had a hand in it, and every value as it is', async () => {
    await using running = await runGateway();
    const { page, complaints } = await openPage(browser, running);
    await say(page, 'tool outside');
    await page.getByText('asks for your approval').waitFor();
    expect(await page.locator('.influence').textContent()).toBe(
      'Words from outside had a hand in this: weather (api.weather.example), the file notes.txt',
    );
    expect(await page.locator('.approval dt').allTextContents()).toEqual(['path', 'content']);
    expect(await page.locator('.approval pre').allTextContents()).toEqual(['notes.md', 'Buy milk']);
    expect(await page.locator('.approval button').allTextContents()).toEqual([
      'Allow once',
      'For this conversation: files in /srv/notes',
      'Always: files in /srv/notes',
      'Deny',
    ]);
    await page.getByRole('button', { name: 'For this conversation' }).click();
    await page.getByText('Allowed for this conversation').waitFor();
    expect(running.assistant.inbox.at(-1)?.input).toMatchObject({ decision: 'conversation' });
    expect(complaints).toEqual([]);
  });

  test('offers nothing for longer where each call must be asked for', async () => {
    await using running = await runGateway();
    const { page } = await openPage(browser, running);
    await say(page, 'wait');
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    const [conversation] = await running.assistant.conversations(1);
    const call = { turnId: 't', approvalId: 'a', callId: 'a', tool: 'shell' };
    running.assistant.append(conversation?.conversationId ?? '', {
      type: 'approval.requested',
      ...call,
      arguments: { command: 'ls <b>\u202e' },
      reason: 'r',
      allowAlways: false,
      scope: 'all',
    });
    await page.getByText('asks for your approval').waitFor();
    expect(await page.locator('.approval button').allTextContents()).toEqual(['Allow once', 'Deny']);
    expect(await page.locator('.approval pre').textContent()).toBe('ls <b>\ufffd');
    expect(await page.locator('.influence').count()).toBe(0);
  });

  test('is told of an answer that was given elsewhere, and why its own came too late', async () => {
    await using running = await runGateway();
    const { page, complaints } = await openPage(browser, running);
    const elsewhere = await running.connect();
    await say(page, 'tool please');
    await page.getByText('asks for your approval').waitFor();
    const [asked] = await elsewhere.approvals();
    await elsewhere.approve(asked?.conversationId ?? '', asked?.approvalId ?? '', 'deny', 'not there');
    await page.getByText('Denied: not there').waitFor();

    await say(page, 'tool again');
    await page.getByRole('button', { name: 'Allow once' }).waitFor();
    // Both before either can be answered, as from two pages.
    await page.evaluate(`{
      const [once, , always] = document.querySelectorAll('.approval.open button');
      once.click();
      always.disabled = false;
      always.click();
    }`);
    await page
      .locator('.approval', { hasText: 'Allowed once' })
      .getByText('Already answered: once, at')
      .waitFor();
    expect(complaints).toEqual([]);
  });

  test('interrupts a running turn', async () => {
    await using running = await runGateway();
    const { page } = await openPage(browser, running);
    await say(page, 'wait for me');
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('interrupted').waitFor();
    expect(await page.getByRole('button', { name: 'Stop' }).count()).toBe(0);
  });

  test('keeps conversations apart and finds them again', async () => {
    await using running = await runGateway();
    const { page } = await openPage(browser, running);
    await say(page, 'first');
    await page.getByText('You said: first').waitFor();
    await page.getByRole('button', { name: 'New conversation' }).click();
    await say(page, 'second');
    await page.getByText('You said: second').waitFor();
    expect(await page.getByText('You said: first').count()).toBe(0);
    await page.getByRole('link', { name: 'first', exact: true }).click();
    await page.getByText('You said: first').waitFor();
    expect(await page.getByText('You said: second').count()).toBe(0);
  });

  test('goes where a command leads if it was typed in this page, not when another one typed it', async () => {
    await using running = await runGateway();
    const mine = await openPage(browser, running);
    await say(mine.page, 'here');
    await mine.page.getByText('You said: here').waitFor();
    const other = await openPage(browser, running);
    await other.page.getByRole('link', { name: 'here', exact: true }).click();
    await other.page.getByText('You said: here').waitFor();
    await say(mine.page, '/go elsewhere');
    await other.page.getByText('Going to elsewhere.').waitFor();
    await mine.page.getByText('You said: here').waitFor({ state: 'detached' });
    await say(mine.page, 'there');
    await mine.page.getByText('You said: there').waitFor();
    expect(running.assistant.inbox.at(-1)).toMatchObject({ conversationId: 'elsewhere' });
    expect(await other.page.getByText('You said: here').count()).toBe(1);
    expect(mine.complaints).toEqual([]);
  });

  test('shows a notice with who says so, and that a message of a turn is seen with its next step', async () => {
    await using running = await runGateway();
    const { page, complaints } = await openPage(browser, running);
    await say(page, 'hello');
    await page.getByText('You said: hello').waitFor();
    const [conversation] = await running.assistant.conversations(1);
    const conversationId = conversation?.conversationId ?? '';
    const notice = { noticeId: 'n', outboxId: 'o', text: '<b>Done</b>', from: 'a helper' };
    running.assistant.append(conversationId, { type: 'notice.posted', ...notice, origins: ['the page x'] });
    await page.getByText('<b>Done</b>').waitFor();
    expect(await texts(page.locator('.told > *'))).toEqual([
      'from a helper',
      '<b>Done</b>',
      'From outside: the page x',
    ]);
    const messages = [{ inboxId: 's', text: 'and quickly' }];
    running.assistant.append(conversationId, { type: 'turn.steered', turnId: 't', messages });
    await page.getByText('seen with the next step').waitFor();
    expect(complaints).toEqual([]);
  });

  test('sends what was written while the gateway was away, once', async () => {
    const first = await runGateway();
    const { page } = await openPage(browser, first);
    await first.gateway.stop();
    await page.getByText('Reconnecting in').waitFor();
    await say(page, 'are you back?');
    expect(await page.locator('.pending').textContent()).toBe('are you back?');
    await using second = await runGateway({ port: first.port });
    await page.goto(second.gateway.loginLink());
    await page.getByText('You said: are you back?').waitFor();
    expect(await page.locator('.user').allTextContents()).toEqual(['are you back?']);
    expect(second.assistant.inbox).toHaveLength(1);
  });

  test('catches up by cursor after a lost connection', async () => {
    await using running = await runGateway();
    const { page } = await openPage(browser, running);
    await say(page, 'hello');
    await page.getByText('You said: hello').waitFor();
    // No pong can come between two heartbeats of one moment, so that the connection counts as dead.
    running.beat();
    running.beat();
    await page.getByText('Reconnecting in').waitFor();
    const [conversation] = await running.assistant.conversations(1);
    const conversationId = conversation?.conversationId ?? '';
    const meanwhile = { type: 'message', text: 'from elsewhere', mode: 'queue' } as const;
    await running.assistant.accept({ channel: 'repl', externalId: '1', conversationId, input: meanwhile });
    await page.getByText('You said: from elsewhere').waitFor();
    expect(await messages(page)).toEqual([
      'hello',
      'You said: hello',
      'from elsewhere',
      'You said: from elsewhere',
    ]);
  });

  test('shows a plan as one checklist that changes where it stands', async () => {
    await using running = await runGateway();
    const { page, complaints } = await openPage(browser, running);
    await say(page, 'hello');
    await page.getByText('You said: hello').waitFor();
    const [conversation] = await running.assistant.conversations(1);
    const conversationId = conversation?.conversationId ?? '';
    const update = (effectId: string, steps: readonly Json[]): void => {
      const about = { turnId: 't', effectId, callId: effectId, tool: 'plan_update' };
      const args = { title: 'Move', steps };
      running.assistant.append(conversationId, { ...about, type: 'tool.requested', arguments: args });
      const end = { outcome: 'succeeded', content: 'Noted', durationMs: 1 } as const;
      running.assistant.append(conversationId, { ...about, ...end, type: 'tool.completed' });
    };
    update('e1', ['pack <b>', 'drive']);
    await page.getByText('☐ pack <b>').waitFor();
    update('e2', [{ title: 'pack <b>', status: 'done', result: '12 boxes' }, 'drive']);
    await page.getByText('☑ pack <b>: 12 boxes').waitFor();
    expect(await page.locator('.plan').count()).toBe(1);
    expect(await page.locator('.plan li').allTextContents()).toEqual(['☑ pack <b>: 12 boxes', '☐ drive']);
    expect(complaints).toEqual([]);
  });

  test('says how to log in when it is not', async () => {
    await using running = await runGateway();
    const page = await (await browser.newContext()).newPage();
    await page.goto(running.url);
    await page.getByText('open the link it prints').waitFor();
  });
});
