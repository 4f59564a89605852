import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { environmentSecrets, Secret, secretHelp, standInSecrets } from './index.ts';

const VALUE = 'correct-horse-battery';

test('a secret shows only its name, however it is printed', () => {
  const secret = new Secret('github_token', VALUE);
  const shown = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    JSON.stringify(structuredClone(secret)),
    JSON.stringify({ ...secret }),
    inspect(secret),
    inspect({ deep: [secret] }, { showHidden: true, depth: null, getters: true }),
    format('%s %o %O %j', secret, secret, secret, secret),
    Object.entries(secret).join(),
    new Error(`failed with ${secret}`, { cause: secret }).message,
  ];
  for (const text of shown) {
    expect(text).not.toContain(VALUE);
    expect(text).toContain('github_token');
  }
  expect(secret.expose()).toBe(VALUE);
});

describe('secrets from the environment', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'secrets-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const fileWith = async (content: string, mode = 0o600): Promise<string> => {
    const path = join(folder, 'secret');
    await writeFile(path, content);
    await chmod(path, mode);
    return path;
  };

  test('are found by names in any letter case, with dots and hyphens', async () => {
    const secrets = environmentSecrets({ IRONBARK_SECRET_MY_API_KEY: VALUE });
    for (const name of ['my_api_key', 'my-api.key', 'MY_API_KEY']) {
      expect(await secrets.has(name)).toBe(true);
      expect((await secrets.get(name))?.expose()).toBe(VALUE);
    }
  });

  test('that are not set, or empty, are missing', async () => {
    const secrets = environmentSecrets({ IRONBARK_SECRET_EMPTY: '', OTHER: 'x' });
    expect(await secrets.has('empty')).toBe(false);
    expect(await secrets.get('empty')).toBeUndefined();
    expect(await secrets.get('other')).toBeUndefined();
    expect(await secrets.names()).toEqual([]);
  });

  test('may stand in a file, which is read anew each time, without the line break at its end', async () => {
    const path = await fileWith(`${VALUE}\n`);
    const secrets = environmentSecrets({ IRONBARK_SECRET_KEY_FILE: path });
    expect((await secrets.get('key'))?.expose()).toBe(VALUE);
    await writeFile(path, 'changed\r\n');
    expect((await secrets.get('key'))?.expose()).toBe('changed');
    expect(await secrets.names()).toEqual(['key']);
  });

  test('a path is never taken for a value', async () => {
    const secrets = environmentSecrets({ IRONBARK_SECRET_KEY_FILE: '/some/path' });
    expect(await secrets.has('key_file')).toBe(false);
    expect(await secrets.get('key_file')).toBeUndefined();
  });

  test('a file that everybody may read is refused, with what to do', async () => {
    const path = await fileWith(VALUE, 0o644);
    const failure = environmentSecrets({ IRONBARK_SECRET_KEY_FILE: path }).get('key');
    await expect(failure).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('everybody'),
      hint: `Run: chmod 600 ${path}`,
    });
    await expect(failure).rejects.not.toThrow(VALUE);
  });

  test('what is not a file is refused at once, a named pipe without a writer too', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('/usr/bin/mkfifo', ['-m', '600', pipe]);
    for (const path of [folder, pipe, join(folder, 'nothing')]) {
      const secrets = environmentSecrets({ IRONBARK_SECRET_KEY_FILE: path });
      expect(await secrets.has('key')).toBe(true);
      await expect(secrets.get('key')).rejects.toMatchObject({ kind: 'config' });
    }
  });

  test('a file that is far too large is refused', async () => {
    const path = await fileWith('x'.repeat(70_000));
    await expect(environmentSecrets({ IRONBARK_SECRET_KEY_FILE: path }).get('key')).rejects.toThrow('70000');
  });

  test('their names are known without their values', async () => {
    const secrets = environmentSecrets({
      IRONBARK_SECRET_B: '1',
      IRONBARK_SECRET_A_FILE: '/nowhere',
      IRONBARK_SECRET_A: '2',
      PATH: '/bin',
    });
    expect(await secrets.names()).toEqual(['a', 'b']);
  });
});

describe('stand-ins', () => {
  test('exist for every name, each with its own value, the same each time', async () => {
    let next = 0;
    const secrets = standInSecrets((bytes) => new Uint8Array(bytes).fill(++next));
    const first = await secrets.get('a');
    expect(await secrets.has('whatever')).toBe(true);
    expect(await secrets.get('a')).toBe(first);
    expect((await secrets.get('b'))?.expose()).not.toBe(first?.expose());
    expect(first?.expose().length).toBeGreaterThan(40);
    expect(await secrets.names()).toEqual(['a', 'b']);
  });
});

test('a person is told how to set a secret, the safest way first', () => {
  const help = secretHelp('GitHub.Token');
  expect(help).toMatch(/^Set it with: ironbark secrets set github\.token /);
  expect(help).toContain('IRONBARK_SECRET_GITHUB_TOKEN,');
  expect(help).toContain('IRONBARK_SECRET_GITHUB_TOKEN_FILE');
});
