import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Artefact } from '../artefact.ts';
import { createBuilder } from '../build/index.ts';
import { buildWatGuest } from '../testing/guests/index.ts';
import { type GuestCall, startSlot } from './index.ts';
import { callOf } from './testing/calls.ts';

/** Components as the builder makes them, in a real slot. */
const slot = startSlot();
let cacheDir: string;
let tool: Artefact;

beforeAll(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'ironbark-slot-'));
  tool = await build(await buildWatGuest('tool'));
  await slot.ready;
});

afterAll(async () => {
  slot.kill();
  await slot.ended;
  await rm(cacheDir, { recursive: true });
});

async function build(component: Uint8Array): Promise<Artefact> {
  const built = await createBuilder({ cacheDir }).component(component);
  if (built.ok) return built.value;
  throw new Error(built.error.message);
}

const execute = (params: string, rest: Partial<GuestCall> = {}) =>
  slot.run(callOf(tool, { args: [{ params, context: undefined }], ...rest }));

test('a component runs, and its fuel and memory are counted', async () => {
  const outcome = await execute('say it again');
  expect(outcome).toMatchObject({ kind: 'returned', value: { tag: 'success', val: 'say it again' } });
  expect(outcome.fuelUsed).toBeGreaterThan(10);
  expect(outcome.memoryBytes).toBeGreaterThanOrEqual(131_072);
  expect(await slot.run(callOf(tool, { entry: 'schema' }))).toMatchObject({
    kind: 'returned',
    value: '{"type":"object"}',
  });
});

test('it asks its host, and gets its answer', async () => {
  const asked: unknown[] = [];
  const host = {
    call: async (name: string, args: readonly unknown[]) => {
      asked.push([name, ...args]);
      return { ok: { status: 200, headersJson: '{}', body: new Uint8Array([104, 105]) } };
    },
  };
  expect(await execute('http https://example.com/', { host })).toMatchObject({
    kind: 'returned',
    value: { tag: 'success', val: expect.stringContaining('hi') },
  });
  expect(asked).toEqual([['http-request', 'GET', 'https://example.com/', '{}', undefined, undefined]]);
});

test.each([
  ['trap', 'unreachable'],
  ['loop', 'fuel'],
])('%s ends by %s', async (params, reason) => {
  expect(await execute(params, { fuel: 1_000_000 })).toMatchObject({ kind: 'trapped', reason });
});

test('what it may grow to is capped', async () => {
  const outcome = await execute('grow');
  expect(outcome.memoryBytes).toBeLessThanOrEqual(160 * 65_536);
});

test('the same call takes the same fuel, whatever ran before', async () => {
  const first = await execute('echo');
  await execute('loop', { fuel: 100_000 });
  expect((await execute('echo')).fuelUsed).toBe(first.fuelUsed);
});
