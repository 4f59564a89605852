import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AuditRecord } from '../../src/core/audit.ts';
import {
  createGrantStore,
  createToolFolder,
  parseManifest,
  requestedItems,
} from '../../src/extensions/index.ts';
import { temporaryFolder } from '../../src/storage/testing/temporary-folder.ts';
import { buildWatGuest } from '../testing/guests/index.ts';
import { createShelf } from './shelf.ts';
import { echoWith, openWorkshop } from './testing/workshop.ts';

function openShelf() {
  const home = temporaryFolder();
  const path = join(home, 'tools');
  mkdirSync(path);
  const workshop = openWorkshop();
  const grants = createGrantStore(join(home, 'grants'), { now: () => 0 });
  const changes: { tools: string[]; records: readonly AuditRecord[] }[] = [];
  let scans = 0;
  // Everything was written long ago.
  const clock = { now: () => Date.now() + 3_600_000 };
  const folder = createToolFolder(path, { maxBytes: 2_000_000, clock });
  const shelf = createShelf({
    ...workshop,
    folder: {
      ...folder,
      scan() {
        scans += 1;
        return folder.scan();
      },
    },
    grants,
    isTaken: (name) => name === 'builtin',
    onChange: (tools, records) => changes.push({ tools: tools.map(({ name }) => name), records }),
  });
  return {
    shelf,
    grants,
    changes,
    built: workshop.built,
    scans: () => scans,
    put(name: string, bytes: Uint8Array, manifest?: object) {
      const place = (file: string, content: Uint8Array | string): void => {
        writeFileSync(join(path, '.draft'), content);
        renameSync(join(path, '.draft'), join(path, file));
      };
      if (manifest) place(`${name}.capabilities.json`, JSON.stringify(manifest));
      place(`${name}.wasm`, bytes);
    },
    take(name: string) {
      for (const end of ['wasm', 'capabilities.json']) rmSync(join(path, `${name}.${end}`), { force: true });
    },
    /** What the latest look has put on record, each as kind and tool. */
    news: () => changes.at(-1)?.records.map(({ kind, tool, rule }) => [kind, tool, ...(rule ? [rule] : [])]),
    names: () => shelf.tools().map(({ name }) => name),
    descriptionOf: (name: string) => shelf.tools().find((tool) => tool.name === name)?.description,
  };
}

const NETWORK = { http: { allowlist: [{ host: 'api.example.com' }] } };

function idsOf(manifest: object): readonly string[] {
  const parsed = parseManifest(JSON.stringify(manifest));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return requestedItems(parsed.value.manifest.capabilities).map(({ id }) => id);
}

const echo = await buildWatGuest('echo');
const tool = await buildWatGuest('tool');

describe('the shelf holds what lies in the folder', () => {
  test('what is new, in the order of its names', async () => {
    const { shelf, put, names, news, changes } = openShelf();
    await shelf.refresh();
    expect(changes).toEqual([]);
    put('b', echo);
    put('a', tool);
    await shelf.refresh();
    expect(names()).toEqual(['a', 'b']);
    expect(news()).toEqual([
      ['tool.loaded', 'a'],
      ['tool.loaded', 'b'],
    ]);
    expect(changes[0]?.tools).toEqual(['a', 'b']);
  });

  test('what did not change is neither built nor told again', async () => {
    const { shelf, put, built, changes } = openShelf();
    put('a', echo);
    await shelf.refresh();
    await shelf.refresh();
    expect({ built: built(), changes: changes.length }).toEqual({ built: 1, changes: 1 });
  });

  test('the next version of a binary, or of its manifest alone', async () => {
    const { shelf, put, descriptionOf, news } = openShelf();
    put('a', echo);
    await shelf.refresh();
    put('a', tool);
    await shelf.refresh();
    expect(descriptionOf('a')).toBe('A guest for tests.');
    expect(news()).toEqual([['tool.loaded', 'a']]);
    put('a', tool, { description: 'A better one.' });
    await shelf.refresh();
    expect(descriptionOf('a')).toBe('A better one.');
  });

  test('nothing of what is gone, nor of what had been approved of it', async () => {
    const { shelf, put, take, names, news, grants } = openShelf();
    put('a', echo, NETWORK);
    put('b', echo, NETWORK);
    for (const name of ['a', 'b']) await grants.approve(name, idsOf(NETWORK));
    await shelf.refresh();
    take('a');
    await shelf.refresh();
    expect(names()).toEqual(['b']);
    expect(shelf.list().map(({ name }) => name)).toEqual(['b']);
    expect(news()).toEqual([['tool.removed', 'a']]);
    expect(await grants.read('a')).toEqual(new Set());
    expect(await grants.read('b')).toEqual(new Set(idsOf(NETWORK)));
    // Somebody else's file under the old name begins with nothing.
    put('a', tool, NETWORK);
    await shelf.refresh();
    expect(shelf.tools()[0]?.granted.http).toBeNull();
  });
});

describe('a file that cannot be used', () => {
  test('leaves what stood there before, and its neighbours, and is named', async () => {
    const { shelf, put, names, news, descriptionOf, changes } = openShelf();
    put('a', echo);
    put('b', tool);
    await shelf.refresh();
    put('a', Buffer.from('no longer wasm'));
    put('c', await echoWith({ description: '(unreachable)' }));
    await shelf.refresh();
    expect(names()).toEqual(['a', 'b']);
    expect(descriptionOf('a')).toBe('Gives back what it gets.');
    expect(news()).toEqual([
      ['tool.rejected', 'a', 'not-wasm'],
      ['tool.rejected', 'c', 'description'],
    ]);
    expect(
      shelf.list().map(({ name, tool: old, trouble }) => [name, old !== undefined, trouble?.rule]),
    ).toEqual([
      ['a', true, 'not-wasm'],
      ['b', true, undefined],
      ['c', false, 'description'],
    ]);
    await shelf.refresh();
    expect(changes).toHaveLength(2);
    put('a', tool);
    await shelf.refresh();
    expect(descriptionOf('a')).toBe('A guest for tests.');
    expect(shelf.list()[0]?.trouble).toBeUndefined();
  });

  test('because the folder refuses it, does so as well', async () => {
    const { shelf, put, take, names, news, descriptionOf } = openShelf();
    put('a', echo);
    await shelf.refresh();
    put('a', new Uint8Array(2_000_001));
    put('Bad Name', echo);
    await shelf.refresh();
    expect(names()).toEqual(['a']);
    expect(descriptionOf('a')).toBe('Gives back what it gets.');
    expect(news()).toEqual([
      ['tool.rejected', 'Bad Name', 'name'],
      ['tool.rejected', 'a', 'too-large'],
    ]);
    take('Bad Name');
    await shelf.refresh();
    expect(shelf.list().map(({ name }) => name)).toEqual(['a']);
  });

  test('because a built-in tool has its name, is not even built', async () => {
    const { shelf, put, names, news, built } = openShelf();
    put('builtin', echo);
    await shelf.refresh();
    expect(names()).toEqual([]);
    expect(news()).toEqual([['tool.rejected', 'builtin', 'name-taken']]);
    expect(built()).toBe(0);
  });
});

describe('what was approved', () => {
  test('is looked at with each refresh, and changes the tool that stands there', async () => {
    const { shelf, put, grants, news, changes, built } = openShelf();
    const granted = () => shelf.tools()[0]?.granted.http?.allowlist.length ?? 0;
    put('a', echo, NETWORK);
    await shelf.refresh();
    expect(granted()).toBe(0);
    expect(shelf.list()[0]?.items).toMatchObject([{ approved: false }]);
    await grants.approve('a', idsOf(NETWORK));
    await shelf.refresh();
    expect(granted()).toBe(1);
    expect(shelf.list()[0]?.items).toMatchObject([{ approved: true }]);
    expect(news()).toEqual([['tool.loaded', 'a']]);
    await grants.forget('a');
    await shelf.refresh();
    expect(granted()).toBe(0);
    expect({ changes: changes.length, built: built() }).toEqual({ changes: 3, built: 1 });
  });

  test('holds for the next version as far as that asks for the same, and for nothing more', async () => {
    const { shelf, put, grants } = openShelf();
    put('a', echo, NETWORK);
    await grants.approve('a', idsOf(NETWORK));
    await shelf.refresh();
    put('a', tool, { http: { allowlist: [{ host: 'api.example.com' }, { host: 'more.example.com' }] } });
    await shelf.refresh();
    expect(shelf.tools()[0]?.granted.http?.allowlist.map(({ host }) => host)).toEqual(['api.example.com']);
  });
});

test('of several looks at once the first is taken, and one more after it that sees everything', async () => {
  const { shelf, put, names, scans } = openShelf();
  put('a', echo);
  const first = shelf.refresh();
  put('b', echo);
  await Promise.all([first, shelf.refresh(), shelf.refresh(), shelf.refresh()]);
  expect(names()).toEqual(['a', 'b']);
  expect(scans()).toBe(2);
});
