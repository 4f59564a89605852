import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../../src/core/package-root.ts';

export type BuildKind = 'component' | 'javascript';

/**
 * The arguments for Node that leave a builder process only what it needs: to read its own program and the packages
 * it builds with. No files besides, nothing to write, no network, no children, no threads; the addon that turns
 * JavaScript into a component only where that is the job.
 */
export function processArguments(kind: BuildKind): readonly string[] {
  const readable = [...programFiles(), ...packageFolders(kind)];
  return [
    '--permission',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    ...(kind === 'javascript' ? ['--allow-addons', '--experimental-vm-modules'] : []),
    '--no-warnings',
    `--max-old-space-size=${MAX_HEAP_MIB}`,
    join(HERE, import.meta.url.endsWith('.ts') ? 'program.ts' : 'program.js'),
  ];
}

/** The transpiler's work lies in WebAssembly memory; its JavaScript needs less than 50 MiB. */
const MAX_HEAP_MIB = 256;

const HERE = dirname(fileURLToPath(import.meta.url));

/** Node asks the nearest `package.json` for the kind of module that a file is. */
const programFiles = (): readonly string[] => [
  join(PACKAGE_ROOT, 'package.json'),
  join(HERE, '..'),
  join(HERE, '..', '..', 'src', 'core'),
];

function packageFolders(kind: BuildKind): readonly string[] {
  if (kind === 'component') {
    const transpiler = folderOf(TRANSPILER, HERE);
    return [...placesOf(TRANSPILER, HERE), ...placesOf('@bytecodealliance/preview2-shim', transpiler)];
  }
  return [...placesOf(COMPONENTIZER, HERE), ...bindingsOf(componentizerFolder())];
}

const TRANSPILER = '@bytecodealliance/jco-transpile';
const COMPONENTIZER = 'componentize-qjs';
/** The binding is a package of its own for each platform, in this scope. */
const BINDINGS = '@andreiltd';

function bindingsOf(componentizer: string): readonly string[] {
  const [scope] = placesOf(BINDINGS, componentizer);
  if (scope === undefined) return [];
  return [scope, ...readdirSync(scope).map((name) => realpathSync(join(scope, name)))];
}

/** Where Node finds a package from a folder, and where that really is: some package managers install links. */
function placesOf(name: string, from: string): readonly string[] {
  const place = join(from, 'node_modules', name);
  if (existsSync(place)) return [place, realpathSync(place)];
  return dirname(from) === from ? [] : placesOf(name, dirname(from));
}

function folderOf(name: string, from: string): string {
  const folder = placesOf(name, from).at(-1);
  if (folder === undefined) throw new Error(`the package ${name} is not installed`);
  return folder;
}

/** The folder of the package that translates components. */
export const transpilerFolder = (): string => folderOf(TRANSPILER, HERE);

/** The folder of the package that makes components of JavaScript. */
export const componentizerFolder = (): string => folderOf(COMPONENTIZER, HERE);
