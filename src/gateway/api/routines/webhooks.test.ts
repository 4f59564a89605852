import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { RoutineTrigger } from '../../../core/routines.ts';
import { type Answer, ask } from '../../testing/ask.ts';
import { type RunningGateway, type RunOptions, runGateway } from '../../testing/running-gateway.ts';

const SECRET = 'a-deploy-secret-long-enough';
const NOW = Date.UTC(2030, 0, 1) / 1000;
const SECRETS: Readonly<Record<string, string>> = { deploy_secret: SECRET, short: 'short' };

type Webhook = Extract<RoutineTrigger, { kind: 'webhook' }>;

async function run(trigger: Partial<Webhook> = {}, options: RunOptions = {}): Promise<RunningGateway> {
  const running = await runGateway({ webhookSecret: async (name) => SECRETS[name], ...options });
  const made = await running.assistant.routines.create(
    {
      name: 'deploys',
      description: '',
      trigger: { kind: 'webhook', path: 'deploys', secret: 'deploy_secret', proof: 'secret', ...trigger },
      action: {
        kind: 'lightweight',
        prompt: 'Look.',
        contextPaths: [],
        maxTokens: 100,
        useTools: true,
        maxToolRounds: 3,
      },
      conversationId: null,
      by: 'user',
      origins: [],
    },
    'made',
  );
  expect(made.ok).toBe(true);
  return running;
}

interface Sent {
  readonly path?: string;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

const send = (
  running: RunningGateway,
  { path = 'deploys', body = 'hi', headers = {} }: Sent,
): Promise<Answer> => ask(running, `/api/webhooks/${path}`, { method: 'POST', body, headers });

const withSecret = (secret = SECRET) => ({ 'x-webhook-secret': secret });

function signed(body: string, timestamp = NOW, secret = SECRET): Readonly<Record<string, string>> {
  const hash = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return { 'x-ironbark-timestamp': String(timestamp), 'x-ironbark-signature': `sha256=${hash}` };
}

const runsOf = async ({ assistant }: RunningGateway) => (await assistant.routines.runs('deploys', 99)).length;

describe('a webhook with a secret', () => {
  test('starts its routine with the body, as the words of whoever calls', async () => {
    await using running = await run();
    const answer = await send(running, { body: '{"ref": "main"}', headers: withSecret() });
    expect([answer.status, answer.json]).toEqual([202, { run_id: 'run-1' }]);
    expect(running.assistant.routines.calls).toEqual(['{"ref": "main"}']);
  });

  test('starts it again for another call, and once for one that names itself', async () => {
    await using running = await run();
    for (const id of ['a', 'a', 'b'])
      await send(running, { headers: { ...withSecret(), 'idempotency-key': id } });
    expect(await runsOf(running)).toBe(2);
    await send(running, { headers: withSecret() });
    await send(running, { headers: withSecret() });
    expect(await runsOf(running)).toBe(4);
  });

  test('tells nobody without the secret whether it is there', async () => {
    await using running = await run();
    const wrong = await send(running, { headers: withSecret('another-secret-of-this-length') });
    const missing = await send(running, {});
    const nowhere = await send(running, { path: 'nowhere', headers: withSecret() });
    const longer = await send(running, { headers: withSecret(`${SECRET}x`) });
    expect(wrong.status).toBe(404);
    for (const answer of [missing, nowhere, longer])
      expect([answer.status, answer.body]).toEqual([404, wrong.body]);
    expect(await runsOf(running)).toBe(0);
    expect(running.logged).toContainEqual({
      level: 'warn',
      fields: { path: 'deploys', reason: 'wrong secret' },
      message: 'a call of a webhook was refused',
    });
  });

  test('is closed while its secret is missing or too short', async () => {
    for (const secret of ['short', 'not_there']) {
      await using running = await run({ secret });
      expect((await send(running, { headers: withSecret(SECRETS[secret] ?? 'x') })).status).toBe(404);
    }
  });

  test('is closed while its routine is off', async () => {
    await using running = await run();
    await running.assistant.routines.update('deploys', { enabled: false });
    expect((await send(running, { headers: withSecret() })).status).toBe(404);
  });

  test('takes ten calls a minute, and is not used up by those without the secret', async () => {
    await using running = await run();
    for (let call = 0; call < 30; call++) await send(running, { headers: withSecret('wrong') });
    const answers: number[] = [];
    for (let call = 0; call < 11; call++)
      answers.push((await send(running, { headers: withSecret() })).status);
    expect(answers).toEqual([...Array(10).fill(202), 429]);
    running.advance(60_000);
    expect((await send(running, { headers: withSecret() })).status).toBe(202);
  });

  test('takes text alone, 64 KiB at most', async () => {
    await using running = await run();
    const status = async (body: string | Buffer) =>
      (await send(running, { body, headers: withSecret() })).status;
    expect(await status(Buffer.from([0xff, 0xfe]))).toBe(400);
    expect(await status('a\u0000b')).toBe(400);
    expect(await status('a'.repeat(64 * 1024 + 1))).toBe(413);
    expect(await status('')).toBe(202);
    expect(await status('a'.repeat(64 * 1024))).toBe(202);
  });
});

describe('a webhook with signatures', () => {
  test('takes a signed call once, also where it is sent again', async () => {
    await using running = await run({ proof: 'hmac' });
    const first = await send(running, { body: 'hi', headers: signed('hi') });
    expect(first.status).toBe(202);
    expect((await send(running, { body: 'hi', headers: signed('hi') })).json).toEqual(first.json);
    expect(await runsOf(running)).toBe(1);
    await send(running, { body: 'hi', headers: signed('hi', NOW + 1) });
    expect(await runsOf(running)).toBe(2);
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ['of another body', signed('other')],
    ['under another secret', signed('hi', NOW, 'another-secret-of-this-length')],
    ['of five minutes ago and more', signed('hi', NOW - 301)],
    ['of the future', signed('hi', NOW + 301)],
    ['with the secret instead', withSecret()],
    ['at another time than it says', { ...signed('hi'), 'x-ironbark-timestamp': String(NOW - 1) }],
    ['of no form', { ...signed('hi'), 'x-ironbark-signature': 'sha256=00' }],
  ])('takes none %s', async (_, headers) => {
    await using running = await run({ proof: 'hmac' });
    expect((await send(running, { body: 'hi', headers })).status).toBe(404);
    expect(await runsOf(running)).toBe(0);
  });
});
