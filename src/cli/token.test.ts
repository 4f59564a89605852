import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readToken, tokenPath } from './token.ts';

let path: string;

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'ironbark-token-'));
});

afterEach(() => rmSync(path, { recursive: true, force: true }));

test('the token is made once, long, and for its owner alone', async () => {
  const token = await readToken({ path });
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(await readToken({ path })).toBe(token);
  expect(statSync(tokenPath(path)).mode & 0o777).toBe(0o600);
  expect(readdirSync(path)).toEqual(['gateway-token']);
});

test('one that was being made when the process was killed is made anew', async () => {
  writeFileSync(`${tokenPath(path)}.new`, 'half');
  expect(await readToken({ path })).toMatch(/^[\w-]{43}$/);
});
