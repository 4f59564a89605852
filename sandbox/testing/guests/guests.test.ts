import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Builder, createBuilder } from '../../build/index.ts';
import {
  buildRustGuest,
  buildWatGuest,
  findRustCompiler,
  type HostFunctions,
  instantiateBare,
} from './index.ts';

const rust = await findRustCompiler();

let folder: string;
let builder: Builder;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ironbark-guests-'));
  builder = createBuilder({ cacheDir: folder });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function instance(bytes: Uint8Array, host: HostFunctions) {
  const made = await builder.component(bytes);
  if (!made.ok) throw new Error(made.error.message);
  return instantiateBare(made.value, host);
}

const page = { status: 203, headersJson: '{}', body: Buffer.from('page') };

/** A host whose slow functions are as slow as the real ones: they answer later. */
const HOST: HostFunctions = {
  log: () => undefined,
  nowMillis: () => 5000n,
  httpRequest: async () => page,
  secretExists: async (name) => name === 'key',
  toolInvoke: async (alias, params) => `${alias}:${params}`,
  workspaceRead: async (path) => (path === 'note' ? 'text' : undefined),
  workspaceWrite: async () => undefined,
  emitMessage: async () => undefined,
};

const OPERATIONS: readonly (readonly [string, string])[] = [
  ['echo hello', 'hello'],
  ['context', '{"a":1}'],
  ['http https://a.example/', '203 page'],
  ['secret key', 'yes'],
  ['secret other', 'no'],
  ['invoke friend {"n":1}', 'friend:{"n":1}'],
  ['read note', 'text'],
  ['now', '5'],
  ['log 3', 'logged'],
  ['grow', '160'],
];

describe.skipIf(!rust)('the guest in Rust', () => {
  it.each(OPERATIONS)('as tool@0.4.1 does: %s', async (params, val) => {
    const guest = await instance(await buildRustGuest('tool@0.4.1'), HOST);
    expect(await guest.call('execute', { params, context: '{"a":1}' })).toEqual({ tag: 'success', val });
  });

  it.each(OPERATIONS)('as tool@0.3.0 does: %s', async (params, output) => {
    const guest = await instance(await buildRustGuest('tool@0.3.0'), HOST);
    expect(await guest.call('execute', { params, context: '{"a":1}' })).toEqual({ output });
  });

  it('fails when it should', async () => {
    const guest = await instance(await buildRustGuest(), HOST);
    expect(await guest.call('execute', { params: 'fail why' })).toEqual({
      tag: 'failure',
      val: { kind: 'executor', message: 'why' },
    });
    await expect(guest.call('execute', { params: 'trap' })).rejects.toThrow(/unreachable/);
  });

  it('as a channel emits what comes in and writes what goes out', async () => {
    const seen: unknown[] = [];
    const host: HostFunctions = {
      ...HOST,
      emitMessage: async (message) => seen.push(message),
      workspaceWrite: async (path, content) => seen.push([path, content]),
    };
    const bytes = await buildRustGuest('channel@0.3.1');
    const started = await (await instance(bytes, host)).call('onStart', 'name');
    expect(started).toMatchObject({
      displayName: 'name',
      httpEndpoints: [{ path: '/webhook/guest', methods: ['POST'], requireSecret: false }],
    });
    const request = {
      method: 'POST',
      path: '/',
      headersJson: '{}',
      queryJson: '{}',
      body: Buffer.from('hi'),
    };
    const posted = await (await instance(bytes, host)).call('onHttpRequest', {
      ...request,
      secretValidated: true,
    });
    expect(posted).toMatchObject({ status: 200 });
    const response = { messageId: '1', content: 'answer', metadataJson: '{}', attachments: [] };
    await (await instance(bytes, host)).call('onRespond', response);
    await (await instance(bytes, host)).call('onBroadcast', 'user', { ...response, content: 'news' });
    expect(seen).toEqual([
      expect.objectContaining({ userId: 'somebody', content: 'hi', attachments: [] }),
      ['last', 'answer'],
      ['last', 'news'],
    ]);
  });
});

describe('the guest written by hand', () => {
  it('gives back its params, and logs them in its smallest form', async () => {
    const lines: unknown[] = [];
    const log = (...line: readonly unknown[]) => lines.push(line);
    for (const name of ['echo', 'tool'] as const) {
      const guest = await instance(await buildWatGuest(name), { ...HOST, log });
      expect(await guest.call('execute', { params: 'say' })).toEqual({ tag: 'success', val: 'say' });
      expect(await guest.call('schema')).toBe('{"type":"object"}');
    }
    expect(lines).toEqual([['info', 'say']]);
  });

  it('asks for a page', async () => {
    const guest = await instance(await buildWatGuest('tool'), HOST);
    expect(await guest.call('execute', { params: 'http https://a.example/' })).toMatchObject({ val: 'page' });
  });

  it('traps, and takes all memory there is', async () => {
    const bytes = await buildWatGuest('tool');
    await expect((await instance(bytes, HOST)).call('execute', { params: 'trap' })).rejects.toThrow(
      /unreachable/,
    );
    const grown = await (await instance(bytes, HOST)).call('execute', { params: 'grow' });
    expect(grown).toEqual({ tag: 'success', val: 'x'.repeat(160) });
  });
});
