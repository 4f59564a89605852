import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { ToolSource } from '../../../sandbox/index.ts';
import { coerceError, IronbarkError } from '../../core/errors.ts';
import type { Workbench } from './workbench.ts';

const MANIFEST = '.capabilities.json';

/** Where a tool's files are: a component, or JavaScript that a component is still to be made of. */
interface Location {
  readonly file: string;
  readonly manifest: string | undefined;
  readonly name: string;
}

/**
 * Reads a tool from `FILE.wasm`, `FILE.js`, a folder with `tool.js`, or the name of an installed one. JavaScript is
 * built into a component on the way.
 *
 * @param manifest the capabilities file, where it is not the one beside the tool
 * @throws IronbarkError `usage` where there is nothing to read, `check-failed` where it cannot be built
 */
export async function readToolSource(
  what: string,
  bench: Pick<Workbench, 'componentOf'>,
  options: {
    readonly toolsDir: string;
    readonly manifest?: string | undefined;
    readonly name?: string | undefined;
  },
): Promise<ToolSource> {
  const { file, manifest, name } = await locate(what, options.toolsDir);
  const manifestFile = options.manifest ?? manifest;
  return {
    name: options.name ?? name,
    bytes: await componentIn(file, bench),
    manifestText: manifestFile === undefined ? undefined : (await read(manifestFile)).toString('utf8'),
  };
}

async function locate(what: string, toolsDir: string): Promise<Location> {
  if (await isFolder(what)) return inFolder(what);
  if (await exists(what)) return besideOf(what);
  const installed = join(toolsDir, `${what}.wasm`);
  if (!/[/\\.]/.test(what) && (await exists(installed))) return besideOf(installed);
  throw new IronbarkError(
    'usage',
    `There is no tool at ${what}, and none of that name is installed.`,
    'Give a .wasm file, a tool in JavaScript (.js, or a folder with tool.js), or a name that `ironbark tool list` shows.',
  );
}

async function besideOf(file: string): Promise<Location> {
  const name = basename(file, extname(file));
  const manifest = join(dirname(file), `${name}${MANIFEST}`);
  return { file, name: nameFrom(name), manifest: (await exists(manifest)) ? manifest : undefined };
}

async function inFolder(folder: string): Promise<Location> {
  const name = basename(join(folder, '.'));
  const file = join(folder, 'tool.js');
  if (!(await exists(file))) {
    throw new IronbarkError('usage', `The folder ${folder} holds no tool.js.`, 'Name the file itself.');
  }
  const candidates = [join(folder, `${name}${MANIFEST}`), join(folder, 'capabilities.json')];
  const found = await Promise.all(candidates.map(exists));
  return { file, name: nameFrom(name), manifest: candidates[found.indexOf(true)] };
}

/** A file name bent into a tool's name. */
const nameFrom = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '_')
    .replace(/^[_-]+/, '')
    .slice(0, 64);

async function componentIn(file: string, bench: Pick<Workbench, 'componentOf'>): Promise<Uint8Array> {
  const bytes = await read(file);
  if (!['.js', '.mjs'].includes(extname(file))) return bytes;
  const built = await bench.componentOf(bytes.toString('utf8'));
  if (built.ok) return built.value;
  throw new IronbarkError('check-failed', `${file} cannot be built: ${built.error.message}`);
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (thrown) {
    throw new IronbarkError('usage', `${file} cannot be read: ${coerceError(thrown).message}`);
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
