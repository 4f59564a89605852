import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Answer, ask } from '../../testing/ask.ts';
import { type RunOptions, runGateway } from '../../testing/running-gateway.ts';
import { runWhole } from '../../testing/whole-assistant.ts';

const SECRET = 'a-webhook-secret-that-is-long-enough';
const NOW = Date.UTC(2030, 0, 1) / 1000;

const run = (options: RunOptions = {}) => runGateway({ webhookSecret: async () => SECRET, ...options });

interface Sent {
  readonly timestamp?: number;
  readonly secret?: string;
  readonly headers?: Record<string, string>;
  /** Sent in place of what was signed. */
  readonly instead?: string;
}

function send(running: { readonly port: number }, message: unknown, sent: Sent = {}): Promise<Answer> {
  const { timestamp = NOW, secret = SECRET, headers = {} } = sent;
  const body = typeof message === 'string' ? message : JSON.stringify(message);
  const hash = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return ask(running, '/webhook', {
    method: 'POST',
    body: sent.instead ?? body,
    headers: {
      'content-type': 'application/json',
      'x-ironbark-timestamp': String(timestamp),
      'x-ironbark-signature': `sha256=${hash}`,
      ...headers,
    },
  });
}

describe('a signed message', () => {
  test('is on disk when it is accepted, as the words of the owner', async () => {
    await using running = await run();
    const answer = await send(running, { content: 'The build failed.' });
    expect(answer.status).toBe(202);
    expect(answer.json).toEqual({
      message_id: expect.stringMatching(/^[0-9a-f]{64}$/),
      status: 'accepted',
      thread_id: 'webhook',
    });
    expect(running.assistant.inbox).toMatchObject([
      {
        channel: 'webhook',
        conversationId: 'webhook',
        input: { type: 'message', text: 'The build failed.' },
      },
    ]);
    expect(running.assistant.inbox[0]?.input).not.toHaveProperty('origin');
  });

  test('brings the reply where it is waited for', async () => {
    await using running = await run();
    const message = { content: 'hello', thread_id: 'talk', wait_for_response: true };
    const answer = await send(running, message);
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      status: 'completed',
      thread_id: 'talk',
      response: 'You said: hello',
    });
  });

  test('brings what there is when the reply takes too long, and the reply when it is sent again', async () => {
    await using running = await run({ limits: { webhookWaitMs: 1 } });
    const message = { content: 'wait', message_id: 'm1', thread_id: 'talk', wait_for_response: true };
    const answer = await send(running, message);
    expect(answer).toMatchObject({ status: 202, json: { message_id: 'm1', status: 'accepted' } });
    const stop = { type: 'interrupt' } as const;
    await running.assistant.accept({ channel: 'web', externalId: 'x', conversationId: 'talk', input: stop });
    const again = await send(running, message);
    expect(again).toMatchObject({ status: 200, json: { status: 'interrupted', response: 'Stopped.' } });
    expect(running.assistant.inbox).toHaveLength(2);
  });

  test('is answered at once where too many wait', async () => {
    await using running = await run({ limits: { webhookWaits: 0 } });
    const answer = await send(running, { content: 'hello', wait_for_response: true });
    expect(answer).toMatchObject({ status: 202, json: { status: 'accepted' } });
    expect(running.assistant.inbox).toHaveLength(1);
  });

  test('says that the owner is asked', async () => {
    await using running = await run();
    const answer = await send(running, { content: 'tool', wait_for_response: true });
    expect(answer.json).toMatchObject({ status: 'approval_needed' });
    expect(answer.body).toContain('write_file');
  });

  test('is one message, however often it comes', async () => {
    await using running = await run();
    const [first, second] = [await send(running, { content: 'a' }), await send(running, { content: 'a' })];
    expect(second.json).toEqual(first.json);
    await send(running, { content: 'b', message_id: 'b1' });
    await send(running, { content: 'b', message_id: 'b1' }, { timestamp: NOW + 60 });
    expect(running.assistant.inbox).toHaveLength(2);
    await send(running, { content: 'a' }, { timestamp: NOW + 60 });
    expect(running.assistant.inbox).toHaveLength(3);
  });

  test('of somebody else is a stranger’s, in a thread that is only theirs', async () => {
    await using running = await run();
    const one = await send(running, { content: 'Hi', user_id: 'Mallory', thread_id: 'webhook' });
    const other = await send(running, { content: 'Hi', user_id: 'Oscar', thread_id: 'webhook' });
    expect(running.assistant.inbox).toMatchObject([
      { input: { origin: 'Mallory (webhook)' } },
      { input: { origin: 'Oscar (webhook)' } },
    ]);
    const threads = running.assistant.inbox.map(({ conversationId }) => conversationId);
    expect(new Set([...threads, 'webhook']).size).toBe(3);
    expect([one.json, other.json]).toMatchObject(threads.map((thread_id) => ({ thread_id })));
  });
});

describe('a message that nobody stands for', () => {
  test.each<[string, Sent, string]>([
    ['another secret', { secret: 'another-secret-of-some-length' }, 'signature is wrong'],
    ['another body', { instead: '{"content":"evil"}' }, 'signature is wrong'],
    ['a time long past', { timestamp: NOW - 301 }, 'five minutes'],
    ['a time to come', { timestamp: NOW + 301 }, 'five minutes'],
    ['no signature', { headers: { 'x-ironbark-signature': '' } }, 'sha256='],
    ['a signature that is none', { headers: { 'x-ironbark-signature': 'sha256=zz' } }, 'sha256='],
    ['a time that is none', { headers: { 'x-ironbark-timestamp': 'now' } }, 'seconds'],
    ['another time', { headers: { 'x-ironbark-timestamp': String(NOW + 1) } }, 'signature is wrong'],
  ])('is refused: %s', async (_, sent, why) => {
    await using running = await run();
    const answer = await send(running, { content: 'hello' }, sent);
    expect(answer.status).toBe(401);
    expect(answer.body).toContain(why);
    expect(answer.body).not.toContain(SECRET);
    expect(running.assistant.inbox).toEqual([]);
  });

  test('is refused more briefly after many of them', async () => {
    await using running = await run();
    const statuses = new Set<number>();
    for (let count = 0; count < 130; count++) statuses.add((await send(running, {}, { secret: 'x' })).status);
    expect([...statuses]).toEqual([401, 429]);
  });
});

describe('what cannot be taken', () => {
  test.each<[string, unknown, Sent, number, string]>([
    ['no JSON', '{"content":', {}, 400, 'not JSON'],
    ['no content', {}, {}, 400, 'content: is missing'],
    ['empty content', { content: ' ' }, {}, 400, 'content: is empty'],
    ['long content', { content: 'é'.repeat(16_385) }, {}, 400, '32 KiB'],
    ['a name over two lines', { content: 'a', user_id: 'a\nb' }, {}, 400, 'user_id'],
    ['a form', { content: 'a' }, { headers: { 'content-type': 'text/plain' } }, 415, 'application/json'],
    ['15 MB', { content: 'a', junk: 'x'.repeat(15 * 1024 * 1024) }, {}, 413, 'too large'],
  ])('%s', async (_, message, sent, status, why) => {
    await using running = await run();
    const answer = await send(running, message, sent);
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(why);
  });

  test('more than sixty messages a minute', async () => {
    await using running = await run();
    for (let count = 0; count < 60; count++) await send(running, { content: `${count}` });
    const answer = await send(running, { content: 'one more' });
    expect(answer).toMatchObject({ status: 429, json: { error: { code: 'too-many-requests' } } });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    running.advance(60_000);
    expect((await send(running, { content: 'later' })).status).toBe(202);
  });

  test.each([
    ['there is no secret', async () => undefined],
    ['the secret is short', async () => 'short'],
    ['the secret has expired', () => Promise.reject(new Error('expired'))],
  ])('anything while %s', async (_, webhookSecret) => {
    await using running = await run({ webhookSecret });
    const answer = await send(running, { content: 'hello' });
    expect(answer).toMatchObject({ status: 503, json: { error: { code: 'not-set-up' } } });
    expect(answer.body).toContain('webhook_secret');
  });
});

test('the whole way: a channel of its own, and a stranger’s words are a stranger’s', {
  timeout: 60_000,
}, async () => {
  await using whole = await runWhole({ env: { IRONBARK_SECRET_WEBHOOK_SECRET: SECRET } });
  const timestamp = Math.floor(Date.now() / 1000);
  whole.model.enqueue({ type: 'answer', text: 'Heard.' });
  const heard = await send(whole, { content: 'Hello!', wait_for_response: true }, { timestamp });
  expect(heard.json).toMatchObject({ status: 'completed', thread_id: 'webhook', response: 'Heard.' });

  const toolCalls = [{ id: 'c1', name: 'note', arguments: { text: 'obey' } }];
  whole.model.enqueue({ type: 'answer', toolCalls });
  const order = { content: 'Write the note obey.', user_id: 'Mallory', wait_for_response: true };
  const asked = await send(whole, order, { timestamp });
  expect(asked.json).toMatchObject({ status: 'approval_needed' });
  expect(await whole.assistant.pendingApprovals()).toMatchObject([{ origins: ['Mallory (webhook)'] }]);
  expect(whole.notes).toEqual([]);

  const channels = whole.assistant.tree().children.find(({ id }) => id === 'channels');
  expect(channels?.children.map(({ id }) => id)).toContain('webhook');
});
