import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createToolFolder, type FolderScan, type ToolFolder, type ToolFolderOptions } from './index.ts';

const SETTLE_MS = 20;
const MAX_BYTES = 1000;

function newFolder(options: Partial<ToolFolderOptions> = {}) {
  const parent = mkdtempSync(join(tmpdir(), 'ironbark-tools-'));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  const path = join(parent, 'tools');
  mkdirSync(path);
  // For all but the tests of growth, everything was written long ago.
  const clock = { now: () => Date.now() + 3_600_000 };
  const open = () =>
    createToolFolder(path, { maxBytes: MAX_BYTES, settleMs: SETTLE_MS, pollMs: 50, clock, ...options });
  const put = (file: string, content: string) => writeFileSync(join(path, file), content);
  return { path, open, put, folder: open() };
}

const namesOf = ({ tools }: FolderScan) => tools.map(({ name }) => name);
const rulesOf = ({ troubles }: FolderScan) => troubles.map(({ name, rule }) => `${name}: ${rule}`);
const bytes = (text: string) => new TextEncoder().encode(text);

/** Resolves when the watch has called back often enough; the test's own limit is the only clock. */
function watched(folder: ToolFolder) {
  let calls = 0;
  let wake = (): void => undefined;
  const watch = folder.watch(() => {
    calls++;
    wake();
  });
  onTestFinished(() => watch.close());
  return {
    calls: () => calls,
    async times(wanted: number): Promise<void> {
      while (calls < wanted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await promise;
      }
    },
  };
}

describe('a scan', () => {
  test('finds binaries and the manifests beside them', async () => {
    const { path, put, folder } = newFolder();
    put('b.wasm', 'binary');
    put('b.capabilities.json', '\ufeff{"name":"é"}');
    put('a-1_x.wasm', '');
    put('README.md', 'text');
    put('.hidden.wasm', 'draft');
    const { tools, troubles } = await folder.scan();
    expect(troubles).toEqual([]);
    expect(tools.map(({ name, manifestText }) => [name, manifestText])).toEqual([
      ['a-1_x', undefined],
      ['b', '{"name":"é"}'],
    ]);
    expect(tools[1]).toMatchObject({
      wasmPath: join(path, 'b.wasm'),
      sha256: createHash('sha256').update('binary').digest('hex'),
    });
    expect(Buffer.from(tools[1]?.bytes ?? []).toString()).toBe('binary');
  });

  test('finds nothing where there is no folder', async () => {
    const { path, folder } = newFolder();
    rmSync(path, { recursive: true });
    expect(await folder.scan()).toEqual({ tools: [], troubles: [] });
  });

  test('takes again what did not change, and reads what did', async () => {
    const { put, path, folder } = newFolder();
    put('same.wasm', 'same');
    put('other.wasm', 'old');
    put('manifest.wasm', 'x');
    const [, other, same] = (await folder.scan()).tools;
    put('other.wasm', 'new');
    put('manifest.capabilities.json', '{}');
    const after = await folder.scan();
    expect(after.tools[2]).toBe(same);
    expect(after.tools[1]?.sha256).not.toBe(other?.sha256);
    expect(after.tools[0]?.manifestText).toBe('{}');
    rmSync(join(path, 'manifest.capabilities.json'));
    rmSync(join(path, 'other.wasm'));
    const last = await folder.scan();
    expect(namesOf(last)).toEqual(['manifest', 'same']);
    expect(last.tools[0]?.manifestText).toBeUndefined();
  });

  test('notices new bytes of the same length and the same time of modification', async () => {
    const { put, path, folder } = newFolder();
    const long = new Date(0);
    put('a.wasm', 'one');
    utimesSync(join(path, 'a.wasm'), long, long);
    const [before] = (await folder.scan()).tools;
    put('a.wasm', 'two');
    utimesSync(join(path, 'a.wasm'), long, long);
    const [after] = (await folder.scan()).tools;
    expect(after?.sha256).not.toBe(before?.sha256);
  });

  test('says what is wrong with a tool, and reads the others', async () => {
    const { path, put, folder } = newFolder();
    put('good.wasm', 'x');
    put('Upper.wasm', 'x');
    put('caps.WASM', 'x');
    put('two words.wasm', 'x');
    put('-dash.wasm', 'x');
    put(`${'a'.repeat(65)}.wasm`, 'x');
    put('.wasm', 'x');
    put('alone.capabilities.json', '{}');
    put('big.wasm', 'x'.repeat(MAX_BYTES + 1));
    put('wordy.wasm', 'x');
    put('wordy.capabilities.json', ' '.repeat(1024 * 1024 + 1));
    put('latin.wasm', 'x');
    writeFileSync(join(path, 'latin.capabilities.json'), Buffer.from([0x22, 0xe9, 0x22]));
    symlinkSync(join(path, 'good.wasm'), join(path, 'linked.wasm'));
    put('linked2.wasm', 'x');
    symlinkSync('/etc/hostname', join(path, 'linked2.capabilities.json'));
    mkdirSync(join(path, 'folder.wasm'));
    const scan = await folder.scan();
    expect(namesOf(scan)).toEqual(['good']);
    expect(rulesOf(scan)).toEqual([
      '-dash: name',
      'Upper: name',
      `${'a'.repeat(65)}: name`,
      'alone: orphan-manifest',
      'big: too-large',
      'caps.WASM: name',
      'folder: not-a-file',
      'latin: unreadable',
      'linked: link',
      'linked2: link',
      'two words: name',
      'wordy: too-large',
    ]);
    expect(scan.troubles[0]?.message).toContain('Rename the file');
  });

  test.skipIf(process.getuid?.() === 0)('says that a file may not be read', async () => {
    const { path, put, folder } = newFolder();
    put('a.wasm', 'x');
    chmodSync(join(path, 'a.wasm'), 0);
    expect(rulesOf(await folder.scan())).toEqual(['a: unreadable']);
  });

  test('leaves what is growing until it has rested', async () => {
    let now = 0;
    const { path, put, folder } = newFolder({ clock: { now: () => now } });
    const modifiedAt = (time: number) => utimesSync(join(path, 'a.wasm'), time / 1000, time / 1000);
    put('a.wasm', 'half');
    modifiedAt(100_000);
    now = 100_000 + SETTLE_MS - 1;
    expect(rulesOf(await folder.scan())).toEqual(['a: unsettled']);
    appendFileSync(join(path, 'a.wasm'), ' and half');
    modifiedAt(100_010);
    now = 100_010 + SETTLE_MS - 1;
    expect(rulesOf(await folder.scan())).toEqual(['a: unsettled']);
    now++;
    const { tools } = await folder.scan();
    expect(Buffer.from(tools[0]?.bytes ?? []).toString()).toBe('half and half');
  });

  test('waits for the manifest as well', async () => {
    let now = 0;
    const { path, put, folder } = newFolder({ clock: { now: () => now } });
    put('a.wasm', 'x');
    put('a.capabilities.json', '{');
    utimesSync(join(path, 'a.capabilities.json'), 100, 100);
    now = 100_001;
    expect(rulesOf(await folder.scan())).toEqual(['a: unsettled']);
  });
});

describe('installing', () => {
  test('puts both files there for their owner alone, at once', async () => {
    const { path, folder } = newFolder({ clock: { now: () => Date.now() }, settleMs: 3_600_000 });
    rmSync(path, { recursive: true });
    expect(await folder.install('a', bytes('binary'), '{"name":"a"}')).toEqual({
      ok: true,
      value: undefined,
    });
    expect(await folder.install('b', bytes('x'), undefined)).toMatchObject({ ok: true });
    expect(readdirSync(path)).toEqual(['a.capabilities.json', 'a.wasm', 'b.wasm']);
    expect(statSync(join(path, 'a.wasm')).mode & 0o777).toBe(0o600);
    const scan = await folder.scan();
    expect(scan.tools).toMatchObject([{ name: 'a', manifestText: '{"name":"a"}' }, { name: 'b' }]);
    expect((await folder.scan()).tools).toEqual(scan.tools);
  });

  test('takes the place of an older tool with all that belonged to it', async () => {
    const { folder } = newFolder();
    await folder.install('a', bytes('old'), '{"name":"a"}');
    await folder.install('a', bytes('new'), undefined);
    const { tools } = await folder.scan();
    expect(tools).toMatchObject([{ name: 'a', manifestText: undefined }]);
    expect(Buffer.from(tools[0]?.bytes ?? []).toString()).toBe('new');
  });

  test('replaces a link instead of writing through it', async () => {
    const { path, put, folder } = newFolder();
    put('target', 'untouched');
    symlinkSync(join(path, 'target'), join(path, 'a.wasm'));
    await folder.install('a', bytes('binary'), undefined);
    expect(statSync(join(path, 'target')).size).toBe('untouched'.length);
    expect(namesOf(await folder.scan())).toEqual(['a']);
  });

  test('never shows a binary without the manifest that came with it', async () => {
    const { folder, open } = newFolder();
    const foreign = open();
    const versions = Array.from({ length: 30 }, (_, at) => String(at));
    const scans: FolderScan[] = [];
    const installing = versions.reduce<Promise<unknown>>(
      (before, version) => before.then(() => folder.install('a', bytes(version), version)),
      Promise.resolve(),
    );
    const scanning = installing.then(() => 'done' as const);
    while ((await Promise.race([scanning, foreign.scan()])) !== 'done') scans.push(await foreign.scan());
    for (const { tools } of [...scans, await foreign.scan()]) {
      const [tool] = tools;
      if (tool === undefined) continue;
      // Another process may see the new manifest with the old binary, never the other way round.
      expect(Number(tool.manifestText)).toBeGreaterThanOrEqual(Number(Buffer.from(tool.bytes).toString()));
    }
    expect(scans.length).toBeGreaterThan(0);
  });

  test.each([
    ['Bad Name', 'x', undefined, 'name'],
    ['../a', 'x', undefined, 'name'],
    ['a', 'x'.repeat(MAX_BYTES + 1), undefined, 'too-large'],
    ['a', 'x', ' '.repeat(1024 * 1024 + 1), 'too-large'],
  ])('is refused and leaves nothing behind: %s', async (name, binary, manifest, rule) => {
    const { path, folder } = newFolder();
    expect(await folder.install(name, bytes(binary), manifest)).toMatchObject({ ok: false, error: { rule } });
    expect(readdirSync(path)).toEqual([]);
  });

  test('says that the disk refused it', async () => {
    const { path, folder } = newFolder();
    mkdirSync(join(path, 'a.wasm'));
    expect(await folder.install('a', bytes('x'), undefined)).toMatchObject({ error: { rule: 'unwritable' } });
    expect(readdirSync(path)).toEqual(['a.wasm']);
  });
});

describe('removing', () => {
  test('takes both files, and says whether there was a tool', async () => {
    const { path, folder } = newFolder();
    await folder.install('a', bytes('x'), '{}');
    expect(await folder.remove('a')).toBe(true);
    expect(await folder.remove('a')).toBe(false);
    expect(await folder.remove('../tools/a')).toBe(false);
    expect(readdirSync(path)).toEqual([]);
    expect(await folder.scan()).toEqual({ tools: [], troubles: [] });
  });
});

describe.each([
  ['with the reports of the system', 60_000],
  ['by looking now and then', 10],
])('a watch, %s,', (_, pollMs) => {
  test('calls for what was there, what comes, changes and goes', async () => {
    const { path, put, folder } = newFolder({ pollMs });
    put('a.wasm', 'one');
    const changes = watched(folder);
    await changes.times(1);
    expect(namesOf(await folder.scan())).toEqual(['a']);

    put('b.wasm', 'two');
    await changes.times(2);
    expect(namesOf(await folder.scan())).toEqual(['a', 'b']);

    put('.draft', 'new');
    renameSync(join(path, '.draft'), join(path, 'a.wasm'));
    await changes.times(3);
    const { tools } = await folder.scan();
    expect(Buffer.from(tools[0]?.bytes ?? []).toString()).toBe('new');

    put('a.capabilities.json', '{}');
    await changes.times(4);
    expect((await folder.scan()).tools[0]?.manifestText).toBe('{}');

    rmSync(join(path, 'b.wasm'));
    await changes.times(5);
    expect(namesOf(await folder.scan())).toEqual(['a']);
  });
});

describe('a watch', () => {
  test('calls once for a change, and not for what a scan has seen or no tool needs', async () => {
    const { put, folder } = newFolder({ pollMs: 5 });
    put('a.wasm', 'one');
    await folder.scan();
    const changes = watched(folder);
    put('notes.txt', 'x');
    // The change after it is the signal that the looks in between found nothing.
    put('b.wasm', 'two');
    await changes.times(1);
    await folder.scan();
    put('c.wasm', 'three');
    await changes.times(2);
    expect(changes.calls()).toBe(2);
  });

  test('finds a folder that is made later', async () => {
    const { path, put, folder } = newFolder({ pollMs: 5 });
    rmSync(path, { recursive: true });
    const changes = watched(folder);
    mkdirSync(path);
    put('a.wasm', 'x');
    await changes.times(1);
    expect(namesOf(await folder.scan())).toEqual(['a']);
  });

  test('calls again for what a scan found unsettled', async () => {
    const { put, folder } = newFolder({ clock: { now: () => Date.now() }, settleMs: 500, pollMs: 5 });
    const changes = watched(folder);
    put('a.wasm', 'x');
    const early = await folder.scan();
    expect(rulesOf(early)).toEqual(['a: unsettled']);
    let scan = early;
    for (let calls = 1; scan.tools.length === 0; calls++) {
      await changes.times(calls);
      scan = await folder.scan();
    }
    expect(namesOf(scan)).toEqual(['a']);
  });

  test('does not call while a file grows', async () => {
    const { path, put, folder } = newFolder({ pollMs: 5 });
    put('a.wasm', 'x');
    const growth = setInterval(grow, 1);
    onTestFinished(() => clearInterval(growth));
    function grow(): void {
      appendFileSync(join(path, 'a.wasm'), 'x');
      if (statSync(join(path, 'a.wasm')).size === 100) clearInterval(growth);
    }
    await watched(folder).times(1);
    expect(statSync(join(path, 'a.wasm')).size).toBe(100);
  });

  test('calls again where a scan came a moment too early', async () => {
    let now = 0;
    const { path, put, folder } = newFolder({ clock: { now: () => now }, pollMs: 60_000 });
    put('a.wasm', 'x');
    now = statSync(join(path, 'a.wasm')).mtimeMs;
    const changes = watched(folder);
    await changes.times(1);
    expect(rulesOf(await folder.scan())).toEqual(['a: unsettled']);
    now += SETTLE_MS;
    await changes.times(2);
    expect(namesOf(await folder.scan())).toEqual(['a']);
  });

  test('is not held up by one file that grows on and on', async () => {
    const { path, put, folder } = newFolder({ pollMs: 5 });
    put('growing.wasm', 'x');
    const growth = setInterval(() => appendFileSync(join(path, 'growing.wasm'), 'x'), 1);
    onTestFinished(() => clearInterval(growth));
    const changes = watched(folder);
    put('a.wasm', 'x');
    await changes.times(1);
    expect(namesOf(await folder.scan())).toContain('a');
  });

  test('is silent once it is closed', async () => {
    const { put, folder, open } = newFolder({ pollMs: 5 });
    let calls = 0;
    const closed = folder.watch(() => calls++);
    closed.close();
    closed.close();
    put('a.wasm', 'x');
    await watched(open()).times(1);
    expect(calls).toBe(0);
  });
});
