import { join } from 'node:path';
import { coerceError } from '../core/errors.ts';
import { err, ok, type Result } from '../core/result.ts';
import { type FileState, stateOf } from './file-state.ts';
import { BAD_NAME, type FolderTrouble, refuseTool, sizeObjection } from './folder-trouble.ts';
import { MAX_MANIFEST_BYTES } from './parse-manifest.ts';
import { readSteady } from './read-steady.ts';
import { isToolName } from './tool-name.ts';
import { type Candidate, MANIFEST, WASM } from './tool-survey.ts';

/** A tool as it lies in the folder. */
export interface ToolFile {
  readonly name: string;
  readonly wasmPath: string;
  /** Of the binary; lower-case hexadecimal digits. */
  readonly sha256: string;
  readonly bytes: Uint8Array;
  /** The text of its capabilities.json, unchecked; undefined where there is none. */
  readonly manifestText: string | undefined;
}

/** A tool and the state of its files when it was read. */
export interface ReadTool {
  readonly print: string;
  readonly tool: ToolFile;
}

export interface ReadToolOptions {
  readonly folder: string;
  readonly maxBytes: number;
  readonly isResting: (state: FileState) => boolean;
  /** What was read before, which is taken again where nothing changed. */
  readonly known: (name: string) => ReadTool | undefined;
}

/** Never throws: what goes wrong concerns this tool alone. */
export async function readTool(
  candidate: Candidate,
  options: ReadToolOptions,
): Promise<Result<ReadTool, FolderTrouble>> {
  try {
    return await read(candidate, options);
  } catch (thrown) {
    return refuseTool(candidate.name, 'unreadable', `It cannot be read: ${coerceError(thrown).message}`);
  }
}

const CHANGING = 'It is still being written; it is read once it has settled.';
const NOT_UTF8 = 'Its manifest is not UTF-8: save it in that encoding.';

async function read(
  { name, hasBinary }: Candidate,
  options: ReadToolOptions,
): Promise<Result<ReadTool, FolderTrouble>> {
  if (!isToolName(name)) return refuseTool(name, 'name', BAD_NAME);
  if (!hasBinary) return refuseTool(name, 'orphan-manifest', `There is no ${name}${WASM} beside it: add it.`);
  const pair = await look(options.folder, name);
  if (pair === undefined) return refuseTool(name, 'unsettled', CHANGING);
  const objection = pairObjection(name, pair, options.maxBytes);
  if (objection) return err(objection);
  const known = options.known(name);
  if (known?.print === printOf(pair)) return ok(known);
  if (!filesOf(pair).every(options.isResting)) return refuseTool(name, 'unsettled', CHANGING);
  return load(options.folder, name, pair);
}

/** Both files of a tool, as they were at one moment. */
interface Pair {
  readonly wasm: FileState;
  readonly manifest: FileState | undefined;
}

const filesOf = ({ wasm, manifest }: Pair): readonly FileState[] => (manifest ? [wasm, manifest] : [wasm]);

const printOf = (pair: Pair): string =>
  filesOf(pair)
    .map(({ print }) => print)
    .join(' ');

async function look(folder: string, name: string): Promise<Pair | undefined> {
  const wasm = await stateOf(join(folder, name + WASM));
  return wasm && { wasm, manifest: await stateOf(join(folder, name + MANIFEST)) };
}

/** The two belong together only if neither changed until both were read. */
async function load(folder: string, name: string, pair: Pair): Promise<Result<ReadTool, FolderTrouble>> {
  const wasmPath = join(folder, name + WASM);
  const manifest = pair.manifest && (await readSteady(join(folder, name + MANIFEST), pair.manifest));
  const wasm = await readSteady(wasmPath, pair.wasm);
  const after = await look(folder, name);
  const same = after !== undefined && printOf(after) === printOf(pair);
  if (!same || !wasm.ok || manifest?.ok === false) return refuseTool(name, 'unsettled', CHANGING);
  const text = manifest && decode(manifest.value.bytes);
  if (text?.ok === false) return refuseTool(name, 'unreadable', NOT_UTF8);
  const tool = { name, wasmPath, ...wasm.value, manifestText: text?.value };
  return ok({ print: printOf(pair), tool });
}

function decode(bytes: Uint8Array): Result<string, 'not-utf8'> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return err('not-utf8');
  }
}

function pairObjection(name: string, { wasm, manifest }: Pair, maxBytes: number): FolderTrouble | undefined {
  return (
    fileObjection(name, 'The binary', wasm, maxBytes) ??
    (manifest && fileObjection(name, 'The manifest', manifest, MAX_MANIFEST_BYTES))
  );
}

function fileObjection(
  name: string,
  what: string,
  { kind, bytes }: FileState,
  most: number,
): FolderTrouble | undefined {
  const instead = 'put the file itself there.';
  if (kind === 'link')
    return { name, rule: 'link', message: `${what} is a link, which is not followed: ${instead}` };
  if (kind === 'other')
    return { name, rule: 'not-a-file', message: `${what} is not a regular file: ${instead}` };
  return sizeObjection(name, what, bytes, most);
}
