import { stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { ToolSource } from '../../../sandbox/index.ts';
import { IronbarkError } from '../../core/errors.ts';
import { PACKAGE_ROOT } from '../../core/package-root.ts';
import { MAX_TOOL_BYTES } from '../sandbox-parts.ts';
import { readGivenFile } from './given-file.ts';
import { plain } from './show.ts';
import { bentName } from './tool-name.ts';
import type { Workbench } from './workbench.ts';

const MANIFEST = '.capabilities.json';

/** Where a tool is looked for. A plain word means the installed tool of that name, where there is one. */
export type Whence = 'installed' | 'files' | 'anywhere';

export interface GivenTool extends ToolSource {
  /** True of one in the tools folder, called by its name. */
  readonly isInstalled: boolean;
}

/** Where a tool's files are: a component, or JavaScript that a component is still to be made of. */
interface Location {
  readonly file: string;
  readonly manifest: string | undefined;
  readonly name: string;
  readonly isInstalled: boolean;
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
    readonly whence: Whence;
    readonly manifest?: string | undefined;
    readonly name?: string | undefined;
  },
): Promise<GivenTool> {
  const { file, manifest, name, isInstalled } = await locate(what, options.whence, options.toolsDir);
  const manifestFile = options.manifest ?? manifest;
  return {
    name: options.name ?? name,
    bytes: await componentIn(file, bench),
    manifestText:
      manifestFile === undefined ? undefined : (await readGivenFile(manifestFile)).toString('utf8'),
    isInstalled,
  };
}

async function locate(what: string, whence: Whence, toolsDir: string): Promise<Location> {
  const installed = join(toolsDir, `${what}.wasm`);
  if (whence !== 'files' && isWord(what) && (await isFile(installed)))
    return { ...(await besideOf(installed)), isInstalled: true };
  if (whence === 'installed')
    throw new IronbarkError('usage', `There is no tool named ${what}.`, 'See: ironbark tool list');
  if (await isFolder(what)) return inFolder(what);
  if (await isFile(what)) return besideOf(what);
  const shipped = join(PACKAGE_ROOT, what);
  if (isShipped(what) && (await isFolder(shipped))) return inFolder(shipped);
  throw notFound(what, whence);
}

/** A name, and not a path. */
const isWord = (what: string): boolean => /^[^/\\.]+$/.test(what);

/** So that what the manual calls `extensions/weather` is there wherever one stands. */
const isShipped = (what: string): boolean => /^extensions\/[a-z0-9_-]+\/?$/.test(what);

const notFound = (what: string, whence: 'files' | 'anywhere'): IronbarkError =>
  whence === 'files'
    ? new IronbarkError('usage', `There is no file or folder "${what}".`, `Give ${FORMS}.`)
    : new IronbarkError(
        'usage',
        `There is no tool at "${what}", and none of that name is installed.`,
        `Give ${FORMS}, or a name that \`ironbark tool list\` shows.`,
      );

const FORMS = 'a component (.wasm) or a tool in JavaScript (.js, or a folder with tool.js)';

async function besideOf(file: string): Promise<Location> {
  const name = basename(file, extname(file));
  const manifest = join(dirname(file), `${name}${MANIFEST}`);
  const found = (await isFile(manifest)) ? manifest : undefined;
  return { file, name: bentName(name), manifest: found, isInstalled: false };
}

async function inFolder(folder: string): Promise<Location> {
  const name = basename(join(folder, '.'));
  const file = join(folder, 'tool.js');
  if (!(await isFile(file))) {
    throw new IronbarkError('usage', `The folder "${folder}" holds no tool.js.`, 'Name the file itself.');
  }
  const candidates = [join(folder, `${name}${MANIFEST}`), join(folder, 'capabilities.json')];
  const found = await Promise.all(candidates.map(isFile));
  return { file, name: bentName(name), manifest: candidates[found.indexOf(true)], isInstalled: false };
}

async function componentIn(file: string, bench: Pick<Workbench, 'componentOf'>): Promise<Uint8Array> {
  const bytes = await readGivenFile(file, MAX_TOOL_BYTES);
  if (!['.js', '.mjs'].includes(extname(file))) return bytes;
  const built = await bench.componentOf(bytes.toString('utf8'));
  if (built.ok) return built.value;
  const { message, rule } = built.error;
  throw new IronbarkError('check-failed', plain(`${file} cannot be built: ${message} (${rule})`));
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
