import { readdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../src/core/journal.ts';
import { launchBrowser, NO_BROWSER } from '../../src/gateway/testing/chromium.ts';
import { type RunningGateway, runGateway } from '../../src/gateway/testing/running-gateway.ts';
import { barriers, openPage, PHONE, say } from './page.ts';

const NO_USAGE = { inputTokens: 0, outputTokens: 0 };

/** A conversation that has one of everything. */
function fill({ assistant }: RunningGateway, conversationId: string): void {
  const add = (record: JournalRecord) => assistant.append(conversationId, record);
  const turnId = 'full';
  const call = (effectId: string, tool: string) => ({ turnId, effectId, callId: effectId, tool });
  add({ type: 'turn.began', turnId, messages: [{ inboxId: 'i', text: 'Tidy my notes' }], route: 'task' });
  add({ type: 'memory.recalled', turnId, passages: [{ path: 'home.md', text: 'Likes **order**.' }] });
  add({ ...call('c1', 'list_dir'), type: 'tool.requested', arguments: { path: 'notes' } });
  const ended = { type: 'tool.completed', durationMs: 1_400, origins: ['the page x'] } as const;
  add({ ...call('c1', 'list_dir'), ...ended, outcome: 'succeeded', content: 'a.md\nb.md' });
  add({ ...call('c2', 'shell'), type: 'tool.requested', arguments: { command: 'make' } });
  add({ ...call('c2', 'shell'), ...ended, outcome: 'failed', content: 'No rule to make target.' });
  const text =
    '## Done\n\nSee `index.md`:\n\n```ts\nconst a = 1;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] ok';
  const usage = { inputTokens: 4_000, outputTokens: 400 };
  const model = { model: 'm', toolCalls: [], usage, costMicroUsd: 4_200 } as const;
  add({ type: 'model.completed', turnId, effectId: 'm', text, ...model });
  add({ type: 'turn.replied', turnId, outboxId: 'o', text, finish: 'answered', usage });
  add({ type: 'notice.posted', noticeId: 'n', outboxId: 'o', text: 'Backed up.', from: 'a routine' });
  add({ type: 'input.refused', inboxId: 'z', reason: 'Too late.' });
}

const conversationOf = async ({ assistant }: RunningGateway): Promise<string> =>
  (await assistant.conversations(1))[0]?.conversationId ?? '';

/** What the assistant shows as its answer, without coming from a model. */
async function answer(running: RunningGateway, page: Page, text: string): Promise<void> {
  await say(page, 'hello');
  await page.getByText('You said: hello').waitFor();
  const told = { type: 'notice.posted', noticeId: 'x', outboxId: 'x', text, from: 'x' } as const;
  running.assistant.append(await conversationOf(running), told);
}

describe.skipIf(NO_BROWSER !== undefined)('the chat page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test.each([
    ['light', 'wide', { viewport: { width: 1280, height: 800 } }],
    ['dark', 'wide', { viewport: { width: 1280, height: 800 } }],
    ['light', 'on a phone', PHONE],
    ['dark', 'on a phone', PHONE],
  ] as const)('keeps nobody out, empty and full, %s and %s', async (colorScheme, _, options) => {
    await using running = await runGateway();
    const { page, complaints } = await openPage(browser, running, '/', { ...options, colorScheme });
    expect(await barriers(page)).toEqual([]);
    await say(page, 'tool outside');
    await page.getByText('asks for your approval').waitFor();
    fill(running, await conversationOf(running));
    await page.getByText('Backed up.').waitFor();
    expect(await barriers(page)).toEqual([]);
    const overflows = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
    expect([overflows, complaints]).toEqual([false, []]);
  });

  test('takes no markup, no script and no image from a text, and says where links lead', async () => {
    await using running = await runGateway();
    const { page, complaints } = await openPage(browser, running);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const hostile = [
      '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script><svg onload="window.pwned=1">',
      '[click](javascript:window.pwned=1) [bank](https://evil.example/bank) [x](//evil.example/y)',
      '![spy](https://track.example/p.gif?secret=1) ![in](data:text/html,<script>window.pwned=1</script>)',
      '<iframe src="https://evil.example"></iframe><form action="https://evil.example"><button>Log in</button></form>',
      '<style>body{display:none}</style><a href="https://evil.example" style="position:fixed;inset:0">over all</a>',
    ].join('\n\n');
    await answer(running, page, hostile);
    await page.getByText('bank').waitFor();
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(
      await page.locator('.told :is(img, script, iframe, form, button, style, svg[onload])').count(),
    ).toBe(0);
    const bank = page.getByRole('link', { name: 'bank' });
    expect(await bank.getAttribute('rel')).toContain('noopener');
    expect(await page.locator('.told .host').allTextContents()).toContain(' (evil.example)');
    expect(await page.locator('.told a[href^="javascript"]').count()).toBe(0);
    expect(asked.filter((url) => !url.startsWith(running.url))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('an approval is answered in one of two tabs, and both know', async () => {
    await using running = await runGateway();
    const one = await openPage(browser, running);
    await say(one.page, 'tool please');
    await one.page.getByText('asks for your approval').waitFor();
    const two = await openPage(browser, running, `/chat/${await conversationOf(running)}`);
    await two.page.getByRole('button', { name: 'Deny' }).waitFor();
    await one.page.getByRole('button', { name: 'Allow once' }).click();
    await two.page.getByText('Allowed once').waitFor();
    expect(await two.page.getByRole('button', { name: 'Deny' }).count()).toBe(0);
    expect([...one.complaints, ...two.complaints]).toEqual([]);
  });

  test('shows an answer while it is being written', async () => {
    await using running = await runGateway();
    const { page } = await openPage(browser, running);
    await say(page, 'wait');
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    running.assistant.emitDelta(await conversationOf(running), 'Half of **an** ans');
    await page.locator('.writing', { hasText: 'Half of an ans' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('interrupted').waitFor();
    expect(await page.locator('.writing').count()).toBe(0);
  });

  test('what is said while it works steers, or waits, as chosen', async () => {
    await using running = await runGateway();
    const { page } = await openPage(browser, running);
    await say(page, 'wait');
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    await say(page, 'wait, and quickly');
    await page.getByText('wait, and quickly').waitFor();
    await page.getByLabel('What a message does while I work').selectOption('queue');
    await say(page, 'wait for this afterwards');
    await expect.poll(() => running.assistant.inbox.length).toBe(3);
    const modes = running.assistant.inbox.map(({ input }) => (input.type === 'message' ? input.mode : ''));
    expect(modes.slice(1)).toEqual(['steer', 'queue']);
  });

  test('completes commands and sends them as they are', async () => {
    await using running = await runGateway();
    const { page } = await openPage(browser, running);
    const input = page.getByLabel('Message', { exact: true });
    await input.pressSequentially('/ret');
    await page.getByRole('option', { name: /^\/retry/ }).waitFor();
    await page.keyboard.press('Tab');
    expect(await input.inputValue()).toBe('/retry');
    await page.keyboard.press('Enter');
    await page.getByText('You said: /retry').waitFor();
  });

  test('attaches a file, tells the assistant of it, and shows it', async () => {
    await using running = await runGateway();
    const { page, complaints } = await openPage(browser, running);
    const file = { name: 'notes ü.txt', mimeType: 'text/plain', buffer: Buffer.from('Buy milk') };
    await page.locator('input[type=file]').setInputFiles(file);
    await page.locator('.composer .attached', { hasText: 'txt' }).waitFor();
    await say(page, 'what is in it?');
    await page.locator('.mine .attached', { hasText: 'txt' }).first().waitFor();
    const [sent] = running.assistant.inbox;
    expect(sent?.input).toMatchObject({
      text: expect.stringMatching(/^what is in it\?\n\[attached: attachments\//),
    });
    expect(await readdir(`${running.filesDir}/attachments`)).toHaveLength(1);
    expect(complaints).toEqual([]);
  });

  test('keeps what was being written, in each conversation, over a reload', async () => {
    await using running = await runGateway();
    const { page } = await openPage(browser, running);
    await say(page, 'first');
    await page.getByText('You said: first').waitFor();
    const input = page.getByLabel('Message', { exact: true });
    await input.fill('half a thought');
    await expect
      .poll(() => page.evaluate('Object.keys(localStorage).some((key) => key.startsWith("draft/"))'))
      .toBe(true);
    await page.getByRole('button', { name: 'New conversation' }).click();
    expect(await input.inputValue()).toBe('');
    await page.getByRole('link', { name: 'first', exact: true }).click();
    await expect.poll(() => input.inputValue()).toBe('half a thought');
    await page.reload();
    await expect.poll(() => input.inputValue()).toBe('half a thought');
  });

  test('finds what was said in another conversation, and goes there', async () => {
    await using running = await runGateway();
    const { page } = await openPage(browser, running);
    await say(page, 'the heron stands still');
    await page.getByText('You said: the heron').waitFor();
    await page.getByRole('button', { name: 'New conversation' }).click();
    await page.getByLabel('Search conversations').fill('heron');
    await page.locator('.hit').first().click();
    await page.locator('.row.found').waitFor();
    expect(await page.locator('.message', { hasText: 'You said: the heron' }).count()).toBe(1);
  });

  test('gives a conversation as a file', async () => {
    await using running = await runGateway();
    const { page } = await openPage(browser, running);
    await say(page, 'keep this');
    await page.getByText('You said: keep this').waitFor();
    await page.getByRole('link', { name: 'keep this', exact: true }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('download');
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    expect(download.suggestedFilename()).toBe('keep this.md');
  });

  test('marks conversations that ask, in the list and in the title', async () => {
    await using running = await runGateway();
    const { page } = await openPage(browser, running);
    await say(page, 'tool please');
    await page.getByText('asks for your approval').waitFor();
    await page.getByRole('button', { name: 'New conversation' }).click();
    await page.getByLabel('asks for your approval').waitFor();
    await expect.poll(() => page.title()).toMatch(/^\(1\)/);
  });

  test('edits in a branch, undoes and retries by the commands there are', async () => {
    await using running = await runGateway();
    const { page } = await openPage(browser, running);
    for (const text of ['one', 'two']) {
      await say(page, text);
      await page.getByText(`You said: ${text}`).waitFor();
    }
    const first = page.locator('.mine').first();
    await first.hover();
    await first.getByRole('button', { name: 'Edit in a new branch' }).click();
    await page.getByText('You said: /branch 2').waitFor();
  });

  test('the palette finds pages, and the sheet lists the keys', async () => {
    await using running = await runGateway();
    const { page, complaints } = await openPage(browser, running);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('skil');
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/skills');
    await page.locator('h1').first().waitFor();
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.getByLabel('Message', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('on a phone the pages stand at its foot, and every target is large enough', async () => {
    await using running = await runGateway();
    const { page } = await openPage(browser, running, '/', PHONE);
    await say(page, 'hello');
    await page.getByText('You said: hello').waitFor();
    const tabs = page.locator('.bottom-tabs > .rail-link');
    expect(await tabs.allTextContents()).toEqual(['Chat', 'Memory', 'Routines', 'Actors', 'More']);
    const small =
      await page.evaluate(`[...document.querySelectorAll('button, a.button, a.rail-link, a.conversation, summary')]
      .filter((node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && node.getBoundingClientRect().width > 1)
      .filter((node) => node.getBoundingClientRect().height < 43.5)
      .map((node) => node.getAttribute('aria-label') ?? node.textContent)`);
    expect(small).toEqual([]);
    await page.getByLabel('Show conversations').click();
    await page.getByRole('link', { name: 'hello', exact: true }).click();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'Settings' }).click();
    await page.waitForURL('**/settings');
  });

  test('two thousand messages have few rows in the document, and typing goes on', async () => {
    await using running = await runGateway();
    const { page } = await openPage(browser, running);
    await say(page, 'begin');
    await page.getByText('You said: begin').waitFor();
    const conversationId = await conversationOf(running);
    for (let number = 0; number < 1_000; number++) {
      const turnId = `t${number}`;
      const text = `Answer **${number}** with \`code\`.\n\n- one\n- two\n\nAnd a sentence that is long enough to wrap.`;
      const messages = [{ inboxId: `i${number}`, text: `Question ${number}` }];
      running.assistant.appendSilently(conversationId, {
        type: 'turn.began',
        turnId,
        messages,
        route: 'query',
      });
      const end = { outboxId: `o${number}`, finish: 'answered', usage: NO_USAGE } as const;
      running.assistant.appendSilently(conversationId, { type: 'turn.replied', turnId, text, ...end });
    }
    await page.reload();
    await page.getByText('Question 999').waitFor();
    while ((await page.getByRole('button', { name: 'Earlier messages' }).count()) > 0)
      await page
        .getByRole('button', { name: 'Earlier messages' })
        .click({ timeout: 5_000 })
        .catch(() => {});
    expect(await page.locator('.row').count()).toBeLessThan(600);
    const input = page.getByLabel('Message', { exact: true });
    await input.focus();
    await input.pressSequentially('quick brown fox');
    expect(await input.inputValue()).toBe('quick brown fox');
  }, 90_000);
});
