import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { componentEmbed, componentNew } from '@bytecodealliance/jco-transpile/wasm-tools';
import type { World } from '../../artefact.ts';

/** The interface file of a world, and the name of the world in it. */
export async function readWit(world: World): Promise<{ readonly source: string; readonly name: string }> {
  const file = `${world.replace('@', '-')}.wit`;
  const source = await readFile(new URL(`../../wit/${file}`, import.meta.url), 'utf8');
  return { source, name: `sandboxed-${world.slice(0, world.indexOf('@'))}` };
}

/** A component of a core module that follows the canonical ABI. */
export async function componentOf(core: Uint8Array, wit: string, world: string): Promise<Uint8Array> {
  const embedded = await componentEmbed({ binary: core, witSource: wit, world });
  return new Uint8Array(await componentNew(embedded, []));
}

/**
 * What `make` made of these sources before, or now. Kept among the system's temporary files under a hash of the
 * sources, so that test files do not build the same guest again.
 */
export async function keep(sources: readonly string[], make: () => Promise<Uint8Array>): Promise<Uint8Array> {
  const hash = createHash('sha256').update(JSON.stringify(sources)).digest('hex').slice(0, 24);
  const folder = join(tmpdir(), 'ironbark-guests');
  const place = join(folder, `${hash}.wasm`);
  const known = await readFile(place).catch(() => undefined);
  if (known) return new Uint8Array(known);
  const made = await make();
  await mkdir(folder, { recursive: true });
  const draft = join(folder, `${hash}-${process.pid}`);
  await writeFile(draft, made);
  await rename(draft, place);
  return made;
}
