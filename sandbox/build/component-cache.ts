import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from './sha256.ts';

/**
 * Components that were made of JavaScript, on disk by the hash of their source: `<sourceHash>-<version>.wasm`, each
 * behind its own hash, so that a file that was cut short or has rotted is none. Beside the second that it saves, it
 * makes a source one component: the converter's output differs from run to run, and with it the component's hash.
 *
 * Holds the newest components, 16 and about 16 MiB in all; those of other versions go with the next one written.
 */
export interface ComponentCache {
  read(sourceHash: string): Promise<Uint8Array | undefined>;
  /** Whole or not at all. A damaged file is replaced. Throws where the disk fails. */
  write(sourceHash: string, component: Uint8Array): Promise<void>;
}

const MOST = 16;
/** In hexadecimal digits, in front of the component. */
const HASH_LENGTH = 64;

export function createComponentCache(directory: string, version: string): ComponentCache {
  const ending = `-${version}.wasm`;
  const placeOf = (sourceHash: string): string => join(directory, sourceHash + ending);
  return {
    read: (sourceHash) => readWhole(placeOf(sourceHash)).catch(() => undefined),
    async write(sourceHash, component) {
      await mkdir(directory, { recursive: true });
      const draft = join(directory, `unfinished-${randomUUID()}`);
      await writeFile(draft, Buffer.concat([Buffer.from(await sha256(component)), component]));
      await rename(draft, placeOf(sourceHash));
      await discard(directory, ending);
    },
  };
}

async function readWhole(path: string): Promise<Uint8Array | undefined> {
  const bytes = await readFile(path);
  const component = new Uint8Array(bytes.subarray(HASH_LENGTH));
  const hash = bytes.subarray(0, HASH_LENGTH).toString('latin1');
  return (await sha256(component)) === hash ? component : undefined;
}

/** Removes those of other versions, and all but the newest. */
async function discard(directory: string, ending: string): Promise<void> {
  const ours = (await readdir(directory)).filter((name) => OURS.test(name));
  const current = ours.filter((name) => name.endsWith(ending));
  const ages = await Promise.all(current.map((name) => modifiedAt(join(directory, name))));
  const newest = current
    .map((name, at) => ({ name, at: ages[at] ?? 0 }))
    .sort((a, b) => b.at - a.at)
    .slice(0, MOST);
  const kept = new Set(newest.map(({ name }) => name));
  const stale = ours.filter((name) => !kept.has(name));
  await Promise.all(stale.map((name) => rm(join(directory, name), { force: true })));
}

const OURS = /^[0-9a-f]{64}-[0-9a-f]{12}\.wasm$/;

const modifiedAt = (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
