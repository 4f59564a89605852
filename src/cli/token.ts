import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const TOKEN_BYTES = 32;
const OWNER_ONLY = 0o600;

/** Where the secret lies that programs on this machine show to the gateway. Only the home's owner may read it. */
export function tokenPath(home: string): string {
  return join(home, 'gateway-token');
}

/** The gateway's token, made at the first start. */
export async function readToken(home: { readonly path: string }): Promise<string> {
  const path = tokenPath(home.path);
  return (await existingToken(path)) ?? makeToken(path);
}

async function existingToken(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim() || undefined;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    throw thrown;
  }
}

/** Whole or not at all, also when the process is killed in between: a half-written token would lock everybody out. */
async function makeToken(path: string): Promise<string> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const aside = `${path}.new`;
  await rm(aside, { force: true });
  await writeFile(aside, `${token}\n`, { mode: OWNER_ONLY, flush: true });
  await rename(aside, path);
  return token;
}
