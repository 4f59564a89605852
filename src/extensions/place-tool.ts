import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { coerceError } from '../core/errors.ts';
import { ok, type Result } from '../core/result.ts';
import { stateOf } from './file-state.ts';
import { type FolderTrouble, refuseTool } from './folder-trouble.ts';
import { isToolName } from './tool-name.ts';
import { MANIFEST, WASM } from './tool-survey.ts';
import { syncFolder, writeWhole } from './whole-file.ts';

/**
 * Puts both files of a tool in place; what is given has been checked. Answers with the prints of what it wrote.
 *
 * The manifest first: until the binary follows, the old code has the new manifest, of which only counts what was
 * approved of this tool anyway. The other way round, new code would run with what was approved for the old.
 */
export async function placeTool(
  folder: string,
  name: string,
  bytes: Uint8Array,
  manifestText: string | undefined,
): Promise<Result<readonly string[], FolderTrouble>> {
  const manifestPath = join(folder, name + MANIFEST);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (manifestText === undefined) await rm(manifestPath, { force: true });
    else await writeWhole(manifestPath, manifestText);
    await writeWhole(join(folder, name + WASM), bytes);
    return ok(await printsOf(folder, name));
  } catch (thrown) {
    return refuseTool(name, 'unwritable', `It cannot be written: ${coerceError(thrown).message}`);
  }
}

async function printsOf(folder: string, name: string): Promise<readonly string[]> {
  const states = await Promise.all([MANIFEST, WASM].map((ending) => stateOf(join(folder, name + ending))));
  return states.flatMap((state) => state?.print ?? []);
}

/** The binary first: a manifest alone is no tool, while a binary alone would be one. */
export async function removeTool(folder: string, name: string): Promise<boolean> {
  if (!isToolName(name) || (await stateOf(join(folder, name + WASM))) === undefined) return false;
  await rm(join(folder, name + WASM), { force: true });
  await rm(join(folder, name + MANIFEST), { force: true });
  await syncFolder(folder);
  return true;
}
