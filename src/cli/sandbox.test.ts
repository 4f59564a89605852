import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createBuilder } from '../../sandbox/index.ts';
import { buildRustGuest, buildWatGuest, findRustCompiler } from '../../sandbox/testing/guests/index.ts';
import { loadConfig } from '../config/index.ts';
import type { Assistant } from '../core/assistant.ts';
import { systemClock } from '../core/clock.ts';
import type { JournalEntry, ToolCall } from '../core/journal.ts';
import { createGrantStore, parseManifest, requestedItems } from '../extensions/index.ts';
import { FREE_AND_WIDE, type HttpExchange, type Model } from '../llm/index.ts';
import { openHome } from '../storage/index.ts';
import { temporaryFolder } from '../storage/testing/temporary-folder.ts';
import { recordedNetwork } from './recorded-network.ts';
import type { Network } from './sandbox.ts';
import { type Running, startIronbark } from './start.ts';

/** A whole assistant with tools from outside: real components, processes, database; only model and network are played. */

const hasRust = (await findRustCompiler()) !== undefined;
const running: Running[] = [];

afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

interface Stage {
  readonly assistant: Assistant;
  readonly toolsDir: string;
  /** Addresses of the requests that left. */
  readonly sent: readonly string[];
  /** Puts a tool into the folder, approved as far as said, and waits until it can be called. */
  install(name: string, bytes: Uint8Array, manifest?: object, approve?: boolean): Promise<void>;
  /** Lets the model call a tool and gives what it was told. */
  call(tool: string, args: ToolCall['arguments']): Promise<Extract<JournalEntry, { type: 'tool.completed' }>>;
  approve(name: string, manifest: object): Promise<void>;
  forget(name: string): Promise<void>;
  say(text: string): Promise<void>;
  next<T extends JournalEntry['type']>(type: T): Promise<Extract<JournalEntry, { type: T }>>;
  described(): Promise<readonly string[]>;
}

async function openStage(
  options: {
    exchanges?: readonly HttpExchange[];
    env?: Record<string, string>;
    beforeSend?: () => Promise<void>;
  } = {},
): Promise<Stage> {
  const home = openHome(temporaryFolder());
  const wanted: ToolCall[] = [];
  const seen: string[][] = [];
  let count = 0;
  const model: Model = {
    ...FREE_AND_WIDE,
    name: 'played',
    async complete({ tools }) {
      seen.push(tools.map(({ name }) => name));
      const call = wanted.shift();
      const usage = { inputTokens: 1, outputTokens: 1 };
      const toolCalls = call ? [call] : [];
      return { ok: true, value: { text: call ? '' : 'done', toolCalls, usage, model: 'played' } };
    },
  };
  const sent: string[] = [];
  const { transport, resolver } = recordedNetwork(options.exchanges ?? []);
  const network: Network = {
    resolver,
    transport: {
      async send(request, to) {
        sent.push(request.url);
        await options.beforeSend?.();
        return transport.send(request, to);
      },
    },
  };
  const started = await startIronbark({
    config: loadConfig({ home: home.path, env: { IRONBARK_SECRETS_KEYCHAIN: 'false' }, overrides: [] }),
    home,
    version: 'test',
    log: pino({ level: 'silent' }),
    env: options.env ?? {},
    model,
    network,
    gateway: false,
  });
  running.push(started);
  const { assistant } = started;
  const grants = createGrantStore(home.toolGrantsDir, systemClock);
  const cursor = { seq: 0 };
  const stage: Stage = {
    assistant,
    toolsDir: home.toolsDir,
    sent,
    async install(name, bytes, manifest, approve = true) {
      const text = JSON.stringify(manifest ?? {});
      if (approve) await stage.approve(name, manifest ?? {});
      await mkdir(home.toolsDir, { recursive: true });
      const before = (await assistant.audit({ limit: 1 }))[0]?.id ?? 0;
      await writeFile(join(home.toolsDir, `${name}.capabilities.json`), text);
      await writeFile(join(home.toolsDir, `${name}.wasm`), bytes);
      await audited(assistant, before, name);
    },
    async approve(name, manifest) {
      const parsed = parseManifest(JSON.stringify(manifest));
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
      const items = requestedItems(parsed.value.manifest.capabilities).map(({ id }) => id);
      await grants.approve(name, items);
    },
    forget: (name) => grants.forget(name),
    async say(text) {
      await assistant.accept({
        channel: 'web',
        externalId: `message-${++count}`,
        conversationId: 'talk',
        input: { type: 'message', text, mode: 'queue' },
      });
    },
    async call(tool, args) {
      wanted.push({ callId: `call-${++count}`, tool, arguments: args });
      await stage.say('go on');
      const completed = await stage.next('tool.completed');
      await stage.next('turn.replied');
      return completed;
    },
    next: (type) => nextEntry(assistant, type, cursor),
    async described() {
      await stage.say('what is there?');
      await stage.next('turn.replied');
      return seen.at(-1) ?? [];
    },
  };
  return stage;
}

/** Resolves once the log has a line about this tool that was written after another. */
async function audited(assistant: Assistant, after: number, tool: string): Promise<void> {
  for (;;) {
    const lines = await assistant.audit({ limit: 20, tool });
    if (lines.some(({ id }) => id > after)) return;
  }
}

function nextEntry<T extends JournalEntry['type']>(
  assistant: Assistant,
  type: T,
  cursor: { seq: number },
): Promise<Extract<JournalEntry, { type: T }>> {
  const isIt = (entry: JournalEntry): entry is Extract<JournalEntry, { type: T }> =>
    entry.type === type && entry.seq > cursor.seq;
  return new Promise((resolve, reject) => {
    const look = (entry: JournalEntry): void => {
      if (!isIt(entry)) return;
      stop();
      cursor.seq = entry.seq;
      resolve(entry);
    };
    const stop = assistant.watch('talk', (event) => {
      if (event.type === 'entry') look(event.entry);
    });
    assistant.entries('talk', { after: cursor.seq, limit: 100 }).then((past) => past.forEach(look), reject);
  });
}

const exchange = (url: string, body: string): HttpExchange => ({
  request: { method: 'GET', url, headers: [] },
  response: { status: 200, headers: [], body },
});

const NETWORK = {
  http: { allowlist: [{ host: 'api.example.com', path_prefix: '/v1', methods: ['GET'] }] },
};

const WITH_SECRET = {
  http: {
    ...NETWORK.http,
    credentials: {
      key: { secret_name: 'key', location: { type: 'bearer' }, host_patterns: ['api.example.com'] },
    },
  },
};

const ASK = { do: 'http https://api.example.com/v1/now' };

describe('a tool that is dropped into the folder', () => {
  test('can be called, does what it was approved for, and is on record', async () => {
    const stage = await openStage({ exchanges: [exchange('https://api.example.com/v1/now', 'noon')] });
    await stage.install('clock', await buildWatGuest('tool'), NETWORK);
    expect(await stage.call('clock', ASK)).toMatchObject({
      outcome: 'succeeded',
      content: 'noon',
      origins: ['clock (api.example.com)'],
    });
    const lines = await stage.assistant.audit({ limit: 10, tool: 'clock' });
    expect(lines.map(({ kind }) => kind)).toEqual(['tool.returned', 'http.answered', 'tool.loaded']);
    expect(lines[1]).toMatchObject({ detail: { host: 'api.example.com', status: 200 } });
  });

  test('may do nothing that was not approved, and is told which rule said no', async () => {
    const stage = await openStage();
    await stage.install('clock', await buildWatGuest('tool'), NETWORK, false);
    await stage.call('clock', ASK);
    const [, refused] = await stage.assistant.audit({ limit: 2, tool: 'clock' });
    expect(refused).toMatchObject({ kind: 'http.refused', rule: 'nothing-granted' });
  });

  test('is replaced by its next version, and goes with its file', async () => {
    const stage = await openStage();
    await stage.install('clock', await buildWatGuest('echo'));
    expect(await stage.call('clock', { do: 'trap' })).toMatchObject({ content: '{"do":"trap"}' });
    await stage.install('clock', await buildWatGuest('tool'));
    expect(await stage.call('clock', { do: 'trap' })).toMatchObject({
      outcome: 'failed',
      content: expect.stringContaining('clock crashed'),
    });
    const [last] = await stage.assistant.audit({ limit: 1 });
    await rm(join(stage.toolsDir, 'clock.wasm'));
    await rm(join(stage.toolsDir, 'clock.capabilities.json'));
    await audited(stage.assistant, last?.id ?? 0, 'clock');
    expect(await stage.described()).not.toContain('clock');
  });

  test('ends a call that is under way on the version that it began with', async () => {
    const reached = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const stage = await openStage({
      exchanges: [exchange('https://api.example.com/v1/now', 'noon')],
      beforeSend() {
        reached.resolve();
        return released.promise;
      },
    });
    await stage.install('clock', await buildWatGuest('tool'), NETWORK);
    const call = stage.call('clock', ASK);
    await reached.promise;
    await stage.install('clock', await buildWatGuest('echo'), NETWORK);
    released.resolve();
    expect(await call).toMatchObject({ outcome: 'succeeded', content: 'noon' });
    expect(await stage.call('clock', ASK)).toMatchObject({ content: JSON.stringify(ASK) });
  });

  test('that is no component changes nothing for the others, nor for what stood in its place', async () => {
    const stage = await openStage();
    await stage.install('clock', await buildWatGuest('echo'));
    await stage.install('broken', Buffer.from('not wasm'));
    await stage.install('clock', Buffer.from('\0asm\x01\0\0\0', 'latin1'));
    expect(await stage.call('clock', { a: 1 })).toMatchObject({ content: '{"a":1}' });
    expect((await stage.assistant.audit({ limit: 1, tool: 'broken' }))[0]).toMatchObject({
      kind: 'tool.rejected',
      rule: 'not-wasm',
    });
    expect((await stage.assistant.audit({ limit: 2, tool: 'clock' }))[1]).toMatchObject({
      kind: 'tool.rejected',
      rule: 'not-a-component',
    });
  });

  test('cannot take the name of one that is built in', async () => {
    const stage = await openStage();
    await stage.install('echo', await buildWatGuest('tool'));
    expect((await stage.assistant.audit({ limit: 1, tool: 'echo' }))[0]).toMatchObject({
      rule: 'name-taken',
    });
  });
});

describe('a tool that misbehaves', () => {
  test.each([
    ['loop', 'trap-fuel'],
    ['trap', 'trap-unreachable'],
    ['recurse', 'trap-stack'],
    ['overflow', 'trap-fuel'],
    ['fill', 'trap-fuel'],
  ])('by %s is stopped by %s, and the next call is served', async (what, rule) => {
    const stage = await openStage();
    await stage.install('bad', await buildWatGuest('tool'));
    expect(await stage.call('bad', { do: what })).toMatchObject({ outcome: 'failed' });
    const [line] = await stage.assistant.audit({ limit: 1, tool: 'bad' });
    expect(line).toMatchObject({ kind: 'tool.failed', rule });
    expect(await stage.call('bad', { do: 'echo me' })).toMatchObject({ outcome: 'succeeded' });
  });
});

describe('a secret', () => {
  test('is put in by the host, and neither the tool nor the journal sees it', async () => {
    const value = 'correct-horse-battery-staple';
    const stage = await openStage({
      exchanges: [exchange('https://api.example.com/v1/now', `you sent ${value}`)],
      env: { IRONBARK_SECRET_KEY: value },
    });
    await stage.install('clock', await buildWatGuest('tool'), WITH_SECRET);
    expect(await stage.call('clock', ASK)).toMatchObject({ content: 'you sent ‹key›' });
    const all = JSON.stringify(await stage.assistant.entries('talk', { after: 0, limit: 100 }));
    expect(all).not.toContain(value);
    const lines = await stage.assistant.audit({ limit: 10 });
    expect(JSON.stringify(lines)).not.toContain(value);
    expect(lines.find(({ kind }) => kind === 'http.answered')).toMatchObject({
      detail: { credentials: ['key'] },
    });
  });

  test('that is missing is asked for before the tool runs, and the call goes on with the answer', async () => {
    const env: Record<string, string> = {};
    const stage = await openStage({
      exchanges: [exchange('https://api.example.com/v1/now', 'noon')],
      env,
    });
    await stage.install('clock', await buildWatGuest('tool'), WITH_SECRET);
    const completed = stage.call('clock', ASK);
    const question = await stage.next('approval.requested');
    expect(question).toMatchObject({ tool: 'clock', allowAlways: false });
    expect(question.reason).toContain('needs the secret "key"');
    expect(question.reason).toContain('IRONBARK_SECRET_KEY');
    env.IRONBARK_SECRET_KEY = 'correct-horse-battery-staple';
    await stage.say('yes');
    expect(await completed).toMatchObject({ outcome: 'succeeded', content: 'noon' });
  });
});

describe('a secret of the vault', () => {
  const VALUE = 'correct-horse-battery-staple';
  const PAGE = 'https://api.example.com/v1/now';

  test('that is set while a call waits for it is used, and its use is counted', async () => {
    const stage = await openStage({ exchanges: [exchange(PAGE, `you sent ${VALUE}`)] });
    await stage.install('clock', await buildWatGuest('tool'), WITH_SECRET);
    const completed = stage.call('clock', ASK);
    expect((await stage.next('approval.requested')).reason).toContain('ironbark secrets set key');
    await stage.assistant.secrets.set({ name: 'key', value: VALUE });
    await stage.say('yes');
    expect(await completed).toMatchObject({ outcome: 'succeeded', content: 'you sent ‹key›' });
    const { secrets } = await stage.assistant.secrets.list();
    expect(secrets).toMatchObject([
      { name: 'key', source: 'vault', uses: 1, lastUse: { tool: 'clock', host: 'api.example.com' } },
    ]);
  });

  test('counts before one of the environment, and cannot be carried off by a tool that knows it', async () => {
    const stage = await openStage({
      exchanges: [exchange(PAGE, `you sent ${VALUE}`)],
      env: { IRONBARK_SECRET_KEY: 'another-value-altogether' },
    });
    await stage.install('clock', await buildWatGuest('tool'), WITH_SECRET);
    await stage.assistant.secrets.set({ name: 'key', value: VALUE });
    await stage.assistant.secrets.set({ name: 'other', value: 'plain words nobody would take for a key' });
    expect(await stage.call('clock', ASK)).toMatchObject({ content: 'you sent ‹key›' });
    const hidden = Buffer.from('plain words nobody would take for a key').toString('hex');
    await stage.call('clock', { do: `http ${PAGE}?q=${hidden}` });
    expect(stage.sent[0]).toBe(PAGE);
    expect(stage.sent.join()).not.toContain(hidden);
  });

  test('is not stored without a usable master key, and all else goes on', async () => {
    const stage = await openStage({ env: { IRONBARK_MASTER_KEY: 'too short' } });
    await stage.install('clock', await buildWatGuest('tool'), WITH_SECRET);
    await expect(stage.assistant.secrets.set({ name: 'key', value: VALUE })).rejects.toThrow(
      'IRONBARK_MASTER_KEY',
    );
    expect((await stage.assistant.secrets.list()).masterKey.problem).toContain('not a master key');
    await stage.say('what is there?');
    await stage.next('turn.replied');
  });
});

describe.skipIf(!hasRust)('a tool that calls another', () => {
  const FRIEND = { tool_invoke: { aliases: { friend: 'echo', writer: 'write_file', me: 'caller' } } };
  // The first to need it compiles it.
  beforeAll(async () => void (await buildRustGuest()), 120_000);

  test('by an approved alias is served', async () => {
    const stage = await openStage();
    await stage.install('caller', await buildRustGuest(), FRIEND);
    const call = stage.call('caller', { do: 'invoke friend {}' });
    await stage.next('approval.requested');
    await stage.say('always');
    expect((await call).content).toContain('message');
  });

  test('for which the user would have to be asked is refused, and so is itself', async () => {
    const stage = await openStage();
    await stage.install('caller', await buildRustGuest(), FRIEND);
    const call = stage.call('caller', { do: 'invoke writer {}' });
    await stage.next('approval.requested');
    await stage.say('always');
    expect((await call).outcome).toBe('failed');
    expect((await stage.call('caller', { do: 'invoke me {}' })).outcome).toBe('failed');
    expect((await stage.call('caller', { do: 'invoke stranger {}' })).outcome).toBe('failed');
  });
});

test('a tool that calls another has what that did on record beside its own, and its secrets are counted once', async () => {
  const stage = await openStage({ exchanges: [exchange('https://api.example.com/v1/now', 'noon')] });
  await stage.assistant.secrets.set({ name: 'key', value: 'correct-horse-battery-staple' });
  await stage.install('clock', await buildWatGuest('tool'), WITH_SECRET);
  const relay = `export const description = 'Asks the clock.';
    export const parameters = { type: 'object' };
    export const run = (args, { invoke }) => invoke('friend', ${JSON.stringify(ASK)});`;
  const built = await createBuilder({ cacheDir: temporaryFolder() }).javascript(relay);
  if (!built.ok) throw new Error(built.error.message);
  await stage.install('relay', built.value, { tool_invoke: { aliases: { friend: 'clock' } } });
  const call = stage.call('relay', {});
  await stage.next('approval.requested');
  await stage.say('yes');
  expect(await call).toMatchObject({ outcome: 'succeeded', origins: ['clock (api.example.com)'] });
  const lines = await stage.assistant.audit({ limit: 20 });
  const ends = lines.filter(({ kind }) => kind === 'tool.returned' || kind === 'http.answered');
  expect(ends.map(({ tool, kind }) => [tool, kind])).toEqual([
    ['relay', 'tool.returned'],
    ['clock', 'tool.returned'],
    ['clock', 'http.answered'],
  ]);
  const { secrets } = await stage.assistant.secrets.list();
  expect(secrets).toMatchObject([{ name: 'key', uses: 1, lastUse: { tool: 'clock' } }]);
});

test('what was approved counts from then on, and what was taken back no more', async () => {
  const page = exchange('https://api.example.com/v1/now', 'noon');
  const stage = await openStage({ exchanges: [page] });
  await stage.install('clock', await buildWatGuest('tool'), NETWORK, false);
  expect(await stage.call('clock', ASK)).toMatchObject({ outcome: 'failed' });
  await stage.approve('clock', NETWORK);
  expect(await stage.call('clock', ASK)).toMatchObject({ outcome: 'succeeded', content: 'noon' });
  await stage.forget('clock');
  await stage.call('clock', ASK);
  expect((await stage.assistant.audit({ limit: 9, tool: 'clock' })).map(({ rule }) => rule)).toContain(
    'nothing-granted',
  );
});
