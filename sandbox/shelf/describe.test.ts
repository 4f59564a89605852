import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../src/storage/testing/temporary-folder.ts';
import { artefactOf } from '../call/testing/stage.ts';
import type { GuestCall, GuestEnd } from '../pool/index.ts';
import { askDescription, createDescriptionCache } from './describe.ts';

const SELF = { description: 'Gives back what it gets.', schema: '{"type":"object"}' };

describe('descriptions are kept', () => {
  test('for the next time, each for its component', async () => {
    const folder = join(temporaryFolder(), 'descriptions');
    await createDescriptionCache(folder).write('a', SELF);
    await createDescriptionCache(folder).write('b', { ...SELF, description: 'Another.' });
    const cache = createDescriptionCache(folder);
    expect(await cache.read('a')).toEqual(SELF);
    expect(await cache.read('b')).toMatchObject({ description: 'Another.' });
    expect(await cache.read('c')).toBeUndefined();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test('whole, whoever else writes them at the same time', async () => {
    const folder = temporaryFolder();
    const cache = createDescriptionCache(folder);
    await Promise.all([cache.write('a', SELF), cache.write('b', SELF)]);
    expect(readdirSync(folder).sort()).toEqual(['a.json', 'b.json']);
    expect(JSON.parse(readFileSync(join(folder, 'a.json'), 'utf8'))).toEqual(SELF);
  });

  test.each(['', '{', 'null', '[]', '5', '{"description":"x"}', '{"description":1,"schema":"{}"}'])(
    'and a damaged file is as good as none: %j',
    async (text) => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'a.json'), text);
      const cache = createDescriptionCache(folder);
      expect(await cache.read('a')).toBeUndefined();
      await cache.write('a', SELF);
      expect(await cache.read('a')).toEqual(SELF);
    },
  );
});

describe('a guest that is asked what it is', () => {
  const ask = async (answer: (entry: string) => GuestEnd) => {
    const calls: GuestCall[] = [];
    const report = { fuelUsed: 0, memoryBytes: 0, logs: [], droppedLogs: 0 };
    const pool = {
      run: async (call: GuestCall) => {
        calls.push(call);
        return { ...answer(call.entry), ...report };
      },
      add: () => {},
      demand: () => 0,
      onDemand: () => () => {},
      mayRetire: () => false,
    };
    return { self: await askDescription(pool, artefactOf('tool@0.4.1')), calls };
  };

  test('answers twice, and is given nothing meanwhile', async () => {
    const { self, calls } = await ask((value) => ({ kind: 'returned', value }));
    expect(self).toEqual({ ok: true, value: { description: 'description', schema: 'schema' } });
    expect(calls.map(({ entry, args, deadlineMs }) => [entry, args, deadlineMs])).toEqual([
      ['description', [], 5_000],
      ['schema', [], 5_000],
    ]);
    const signal = new AbortController().signal;
    for (const name of ['http-request', 'tool-invoke', 'secret-exists', 'workspace-read'])
      expect(await calls[0]?.host.call(name, ['x'], signal)).toEqual({ ok: undefined });
  });

  test.each<[GuestEnd, string]>([
    [{ kind: 'trapped', reason: 'fuel', message: 'no more' }, 'crashed (fuel): no more'],
    [{ kind: 'deadline' }, 'did not come to an end within 5 seconds'],
    [{ kind: 'failed', error: 'x' }, 'answered with an error'],
    [{ kind: 'returned', value: { tag: 'success' } }, 'did not return text'],
    [{ kind: 'unavailable', message: 'It is overloaded.' }, 'could not be run: It is overloaded.'],
    [{ kind: 'slot-lost', message: 'It died.' }, 'could not be run: It died.'],
  ])('and does something else instead: %j', async (end, did) => {
    const whole = await ask(() => end);
    expect(whole.self).toEqual({ ok: false, error: `description() ${did}` });
    const half = await ask((entry) => (entry === 'schema' ? end : { kind: 'returned', value: 'A tool.' }));
    expect(half.self).toEqual({ ok: false, error: `schema() ${did}` });
  });
});
