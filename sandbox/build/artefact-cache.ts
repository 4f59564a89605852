import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artefact } from '../artefact.ts';
import { assemble, readHeader } from './artefact-shape.ts';
import { isRecord, parseJson } from './frame.ts';
import { sha256 } from './sha256.ts';

/**
 * Artefacts on disk, a folder each: `<componentHash>-<version>/` with `artefact.json`, `glue.js` and the core modules.
 * Every file's hash stands in `artefact.json`, so that an entry that was cut short or has rotted is not an entry.
 * It guards against accidents; whoever can write here can also run programs.
 */
export interface ArtefactCache {
  read(componentHash: string): Promise<Artefact | undefined>;
  /** Whole or not at all. A damaged entry is replaced. */
  write(artefact: Artefact): Promise<void>;
  /** Removes all but the current entries of these components, and what interrupted writes left. */
  prune(keep: ReadonlySet<string>): Promise<void>;
}

const MANIFEST = 'artefact.json';
const GLUE = 'glue.js';
const UNFINISHED = 'unfinished-';

export function createArtefactCache(directory: string, version: string): ArtefactCache {
  const folderOf = (hash: string): string => join(directory, `${hash}-${version}`);
  return {
    read: (hash) => readEntry(folderOf(hash), hash).catch(() => undefined),
    async write(artefact) {
      await mkdir(directory, { recursive: true });
      const draft = await mkdtemp(join(directory, UNFINISHED));
      await writeEntry(draft, artefact);
      await install(draft, folderOf(artefact.componentHash));
    },
    async prune(keep) {
      const kept = new Set([...keep].map((hash) => `${hash}-${version}`));
      const names = await readdir(directory).catch((): string[] => []);
      const stale = names.filter((name) => isOurs(name) && !kept.has(name));
      await Promise.all(stale.map((name) => rm(join(directory, name), { recursive: true, force: true })));
    },
  };
}

const isOurs = (name: string): boolean =>
  name.startsWith(UNFINISHED) || /^[0-9a-f]{64}-[0-9a-f]{12}$/.test(name);

async function readEntry(folder: string, componentHash: string): Promise<Artefact | undefined> {
  const manifest = parseJson(await readFile(join(folder, MANIFEST), 'utf8'));
  const header = isRecord(manifest) ? readHeader(manifest) : undefined;
  if (!isRecord(manifest) || header === undefined || !isRecord(manifest.hashes)) return undefined;
  const { hashes } = manifest;
  const parts = await Promise.all(
    [GLUE, ...header.modules].map(async (name) => {
      const bytes = await readFile(join(folder, name));
      return (await sha256(bytes)) === hashes[name] ? new Uint8Array(bytes) : undefined;
    }),
  );
  const whole = parts.filter((part) => part !== undefined);
  return whole.length === parts.length ? assemble(componentHash, header, whole) : undefined;
}

async function writeEntry(folder: string, { world, imports, glue, modules }: Artefact): Promise<void> {
  const files = [{ name: GLUE, bytes: new TextEncoder().encode(glue) }, ...modules];
  const hashes: Record<string, string> = {};
  for (const { name, bytes } of files) {
    hashes[name] = await sha256(bytes);
    await writeFile(join(folder, name), bytes);
  }
  const manifest = { world, imports, modules: modules.map(({ name }) => name), hashes };
  await writeFile(join(folder, MANIFEST), JSON.stringify(manifest, null, 2));
}

/** Where two processes write the same entry at once, one of the two, which are equal, stays. */
async function install(draft: string, place: string): Promise<void> {
  await rm(place, { recursive: true, force: true });
  await rename(draft, place).catch(() => rm(draft, { recursive: true, force: true }));
}
