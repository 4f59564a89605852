import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ImageEntry } from './entry.ts';
import { tarOf } from './tar.ts';

const folder = mkdtempSync(join(tmpdir(), 'ib-tar-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function packed(entries: readonly ImageEntry[]): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of tarOf(entries)) pieces.push(piece);
  return Buffer.concat(pieces);
}

const long = `${'deep/'.repeat(24)}${'name'.repeat(20)}`;

test('what is packed comes out of the system’s own program as it went in', async () => {
  const source = join(folder, 'source');
  writeFileSync(source, 'x'.repeat(3_000_001));
  const archive = await packed([
    { kind: 'folder', path: 'etc', mode: 0o755 },
    { kind: 'text', path: 'etc/word', mode: 0o640, content: 'wörd\n' },
    { kind: 'text', path: 'etc/empty', mode: 0o644, content: '' },
    { kind: 'copy', path: 'program', mode: 0o755, source, bytes: 3_000_001 },
    { kind: 'link', path: 'etc/link', target: '../program' },
    { kind: 'text', path: long, mode: 0o644, content: 'far down' },
  ]);
  const out = mkdtempSync(join(folder, 'out-'));
  execFileSync('tar', ['-x', '-C', out], { input: archive, maxBuffer: 10e6 });
  const at = (path: string): string => join(out, path);
  expect(readFileSync(at('etc/word'), 'utf8')).toBe('wörd\n');
  expect(statSync(at('etc/word')).mode & 0o777).toBe(0o640);
  expect(statSync(at('etc/empty')).size).toBe(0);
  expect(statSync(at('program')).size).toBe(3_000_001);
  expect(statSync(at('program')).mtimeMs).toBe(0);
  expect(readlinkSync(at('etc/link'))).toBe('../program');
  expect(readFileSync(at(long), 'utf8')).toBe('far down');
});

test('a path that the format has no room for is refused', async () => {
  const entry: ImageEntry = { kind: 'folder', path: 'n'.repeat(200), mode: 0o755 };
  await expect(packed([entry])).rejects.toThrow('too long');
});

test('a file that has changed since it was counted is refused', async () => {
  const source = join(folder, 'changing');
  writeFileSync(source, 'four');
  const entry: ImageEntry = { kind: 'copy', path: 'f', mode: 0o644, source, bytes: 3 };
  await expect(packed([entry])).rejects.toThrow('changed');
});
