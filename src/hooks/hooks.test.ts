import { createHmac } from 'node:crypto';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { AuditRecord } from '../core/audit.ts';
import { createWebhooks } from './call-webhook.ts';
import type { HookEvent } from './event.ts';
import { createHooks, type Hooks } from './hooks.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function open(toml: string, more: { readonly secrets?: Record<string, string> } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'ironbark-hooks-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'hooks.toml');
  await writeFile(file, toml);
  const audit: AuditRecord[] = [];
  const troubles: string[] = [];
  const time = { now: 1_000_000 };
  const hooks: Hooks = createHooks({
    file,
    clock: { now: () => time.now },
    callWebhook: createWebhooks({
      transport: {
        send: async () => {
          throw new Error('nothing is sent in this test');
        },
      },
      resolver: async () => {
        throw new Error('nothing is looked up in this test');
      },
      redact: async (text) => ({ text: text.replace('hunter2', '[REDACTED]'), removed: undefined }),
      readSecret: async (name) => more.secrets?.[name],
      onTrouble: (hook, trouble) => void troubles.push(`${hook}: ${trouble}`),
    }),
    writeAudit: async (record) => void audit.push(record),
  });
  return { hooks, file, audit, troubles, time };
}

const event = (text: string, more: Partial<HookEvent> = {}): HookEvent => ({
  point: 'inbound',
  conversationId: 'talk',
  text,
  ...more,
});

/** A real server; what it is told, and what it answers. */
async function server(
  answer: (body: unknown) => { readonly status?: number; readonly body?: string } | undefined,
) {
  const told: { readonly body: unknown; readonly raw: string; readonly headers: IncomingHttpHeaders }[] = [];
  const arrived = Promise.withResolvers<void>();
  const http = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const raw = Buffer.concat(chunks).toString();
    told.push({ body: JSON.parse(raw), raw, headers: request.headers });
    arrived.resolve();
    const reply = answer(JSON.parse(raw));
    // Without an answer the request hangs until the server is closed.
    if (reply) response.writeHead(reply.status ?? 200).end(reply.body ?? '{}');
  });
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve);
  });
  cleanups.push(() => {
    http.closeAllConnections();
    http.close();
  });
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/hook`, told, arrived: arrived.promise };
}

describe('rules', () => {
  test('reject, with the hook’s name and reason, what they are for and nothing else', async () => {
    const { hooks } = await open(`
      [[hooks]]
      name = "no-cards"
      points = ["inbound"]
      when = '\\d{4}-\\d{4}-\\d{4}-\\d{4}'
      reject = "No card numbers here."`);
    expect(await hooks.run(event('pay with 1234-5678-1234-5678'))).toEqual({
      verdict: 'reject',
      reason: 'The hook no-cards stopped this. No card numbers here.',
    });
    expect(await hooks.run(event('pay'))).toMatchObject({ verdict: 'continue', text: 'pay' });
    const outgoing = event('1234-5678-1234-5678', { point: 'outbound' });
    expect(await hooks.run(outgoing)).toMatchObject({ verdict: 'continue' });
  });

  test('change the text in their order, each what the one before left', async () => {
    const { hooks } = await open(`
      [[hooks]]
      name = "third"
      points = ["outbound"]
      order = 30
      append = "!"
      [[hooks]]
      name = "first"
      points = ["outbound"]
      order = 10
      replace = { pattern = '(?i)\\b(\\w+)@example\\.com', with = "$1 (at example)" }
      [[hooks]]
      name = "second"
      points = ["outbound"]
      order = 20
      prepend = "> "`);
    const verdict = await hooks.run(event('Ann@example.com\nBob@EXAMPLE.com', { point: 'outbound' }));
    expect(verdict).toEqual({
      verdict: 'continue',
      text: '> Ann (at example)\nBob (at example)!',
      origins: [],
    });
  });

  test.each([
    ['http*', 'http', true],
    ['http*', 'http_get', true],
    ['http*', 'ahttp', false],
    ['*_delete_*', 'mail_delete_message', true],
    ['*_delete_*', 'mail_delete', false],
    ['shell', 'shell', true],
    ['a*a', 'a', false],
  ])('for the tool %s see %s: %s', async (pattern, tool, seen) => {
    const { hooks } = await open(`
      [[hooks]]
      name = "h"
      points = ["before-tool"]
      tool = "${pattern}"
      reject = "no"`);
    const { verdict } = await hooks.run(event('{}', { point: 'before-tool', tool }));
    expect(verdict).toBe(seen ? 'reject' : 'continue');
  });

  test('put a line into the audit log', async () => {
    const { hooks, audit } = await open(`
      [[hooks]]
      name = "watch"
      points = ["session-start", "after-tool"]
      audit = true`);
    await hooks.run(event('', { point: 'session-start' }));
    await hooks.run(event('secret result', { point: 'after-tool', tool: 'http' }));
    expect(audit).toMatchObject([
      { kind: 'hook.seen', rule: 'watch', tool: '' },
      { kind: 'hook.seen', rule: 'watch', tool: 'http' },
    ]);
    expect(JSON.stringify(audit)).not.toContain('secret result');
  });

  test('with a pattern that could run for ever take their time linearly, and let others at it', async () => {
    const { hooks } = await open(`
      [[hooks]]
      name = "h"
      points = ["inbound"]
      when = '(a+)+c'
      reject = "no"`);
    let breaths = 0;
    let done = false;
    const breathe = (): void => {
      breaths++;
      if (!done) setImmediate(breathe);
    };
    setImmediate(breathe);
    expect(await hooks.run(event(`${'a'.repeat(100_000)}b`))).toMatchObject({ verdict: 'continue' });
    done = true;
    expect(breaths).toBeGreaterThan(10);
  });
});

describe('a webhook', () => {
  const hook = (url: string, more: string): string => `
    [[hooks]]
    name = "gate"
    points = ["inbound", "after-tool"]
    ${more.split(';')[0]}
    webhook = { url = "${url}", ${more.split(';')[1]} }`;

  test('that decides may stop, or change: its words are words from outside', async () => {
    const gate = await server((body) =>
      JSON.stringify(body).includes('stop me')
        ? { body: '{"decision":"reject","reason":"Not today."}' }
        : { body: '{"decision":"continue","text":"changed"}' },
    );
    const { hooks } = await open(hook(gate.url, '; decides = true'));
    expect(await hooks.run(event('stop me'))).toEqual({
      verdict: 'reject',
      reason: 'The hook gate stopped this. Not today.',
    });
    expect(await hooks.run(event('go', { point: 'after-tool', tool: 'http' }))).toEqual({
      verdict: 'continue',
      text: 'changed',
      origins: ['the hook gate'],
    });
    expect(gate.told[1]?.body).toEqual({
      hook: 'gate',
      point: 'after-tool',
      conversation: 'talk',
      tool: 'http',
      text: 'go',
    });
  });

  test('is signed with the secret it names, and is told no secret', async () => {
    const gate = await server(() => ({ body: '{"decision":"continue"}' }));
    const secrets = { gate_key: 'k3y' };
    const { hooks } = await open(hook(gate.url, '; decides = true, secret = "gate_key"'), { secrets });
    await hooks.run(event('my password is hunter2'));
    const [told] = gate.told;
    expect(told?.body).toMatchObject({ text: 'my password is [REDACTED]' });
    const expected = createHmac('sha256', 'k3y')
      .update(told?.raw ?? '')
      .digest('hex');
    expect(told?.headers['x-ironbark-signature']).toBe(`sha256=${expected}`);
  });

  test.each([
    ['hangs', () => undefined, /took longer than|timeout|aborted/],
    ['answers 500', () => ({ status: 500 }), /answered 500/],
    ['answers no JSON', () => ({ body: '<html>' }), /JSON/],
  ])(
    'that %s stops everything where it is closed, and nothing where it is open',
    async (_, answer, reason) => {
      const gate = await server(answer);
      const closed = await open(hook(gate.url, 'timeout_seconds = 0.2; decides = true'));
      const verdict = await closed.hooks.run(event('x'));
      expect(verdict).toMatchObject({ verdict: 'reject', reason: expect.stringMatching(reason) });
      const lenient = await open(
        hook(gate.url, 'timeout_seconds = 0.2; decides = true').replace(
          'points',
          'on_failure = "open"\npoints',
        ),
      );
      expect(await lenient.hooks.run(event('x'))).toMatchObject({ verdict: 'continue', text: 'x' });
    },
  );

  test('that is only told keeps nobody waiting, whatever becomes of it', async () => {
    const gate = await server(() => undefined);
    const { hooks } = await open(hook(gate.url, '; decides = false'));
    expect(await hooks.run(event('x'))).toMatchObject({ verdict: 'continue', text: 'x' });
    await gate.arrived;
    expect(gate.told[0]?.body).toMatchObject({ text: 'x' });
  });
});

describe('the file', () => {
  test('may be missing: then there is nothing to ask', async () => {
    const { hooks, file } = await open('');
    await rm(file);
    await hooks.current();
    expect(hooks.any('inbound')).toBe(false);
    expect(await hooks.run(event('x'))).toMatchObject({ verdict: 'continue' });
  });

  test('counts as it is after an edit, a second later at most', async () => {
    const { hooks, file, time } = await open('');
    await hooks.current();
    expect(hooks.any('inbound')).toBe(false);
    await writeFile(file, '[[hooks]]\nname = "h"\npoints = ["inbound"]\nreject = "no"');
    await utimes(file, 1, 1);
    time.now += 1_001;
    hooks.any('inbound');
    await expect.poll(() => hooks.any('inbound')).toBe(true);
    expect(hooks.decides('inbound')).toBe(true);
    expect(await hooks.run(event('x'))).toMatchObject({ verdict: 'reject' });
  });

  test.each([
    ['[[hooks]]\nname = "h"\npoints = ["inbound"]', /line 1: .*exactly one of reject, replace/],
    ['[[hooks]]\nname = "h"\npoints = ["sometimes"]\naudit = true', /line 3: .*must be among/],
    [
      '[[hooks]]\nname = "h"\npoints = ["inbound"]\nwhen = "(?=x)"\naudit = true',
      /line 4: when is not a pattern/,
    ],
    [
      '[[hooks]]\nname = "h"\npoints = ["inbound"]\nwebhook = { url = "http://example.com" }',
      /must begin with https/,
    ],
    [
      '[[hooks]]\nname = "h"\npoints = ["inbound"]\naudit = true\npoint = 1',
      /unknown key "point" \(allowed: name, points/,
    ],
    ['[[hooks', /line 1/],
  ])('with a mistake stops what hooks could stop, and says where it is: %s', async (toml, where) => {
    const { hooks } = await open(toml);
    const verdict = await hooks.run(event('x'));
    expect(verdict).toMatchObject({ verdict: 'reject', reason: expect.stringMatching(where) });
    const start = await hooks.run(event('', { point: 'session-start' }));
    expect(start).toMatchObject({ verdict: 'continue' });
  });
});
