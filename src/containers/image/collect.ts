import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ImageEntry } from './entry.ts';
import { librariesOf } from './libraries.ts';
import { CERTIFICATES, FOLDERS_OF, NEEDED, PROGRAM_FOLDERS, pythonLibrary, WELCOME } from './programs.ts';
import { SYSTEM_ENTRIES } from './system-entries.ts';

/** What goes into the image, in an order in which a folder comes before what is in it. */
export interface Collection {
  readonly entries: readonly ImageEntry[];
  /** Programs that have to be there and are not. */
  readonly missing: readonly string[];
}

/**
 * Puts together a small system from this machine's own programs and the libraries that they name, and the given Node.
 * Blocks while it looks around (some thousand files): for the command line, not for a server.
 */
export async function collectImage(nodeBinary: string): Promise<Collection> {
  const found = [...new Set([...NEEDED, ...WELCOME])].map((name) => ({ name, path: findProgram(name) }));
  const missing = found.filter(({ name, path }) => NEEDED.includes(name) && path === undefined);
  const programs = found.flatMap(({ name, path }) => (path === undefined ? [] : [{ name, path }]));
  const files = [
    ...programs.flatMap(({ name, path }) => programEntries(name, path)),
    ...programs.flatMap(({ name, path }) => foldersOf(name, path)),
    copyOf(nodeBinary, 'usr/bin/node', 0o755),
    ...certificates(),
  ];
  const libraries = await librariesOf(files.flatMap((file) => (isLinked(file) ? [file.source] : [])));
  const all = [...files, ...libraries.map((path) => copyOf(path, placeOf(path), 0o755))];
  return { entries: inOrder([...SYSTEM_ENTRIES, ...all]), missing: missing.map(({ name }) => name) };
}

function findProgram(name: string): string | undefined {
  return PROGRAM_FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** The program itself, and its other name where it has one: `awk` is `mawk`. */
function programEntries(name: string, path: string): readonly ImageEntry[] {
  const real = realpathSync(path);
  const own = basename(real);
  const program = copyOf(real, `usr/bin/${own}`, 0o755);
  return own === name ? [program] : [program, { kind: 'link', path: `usr/bin/${name}`, target: own }];
}

function foldersOf(name: string, path: string): readonly ImageEntry[] {
  const folders =
    name === 'python3' ? [pythonLibrary(basename(realpathSync(path)))] : (FOLDERS_OF[name] ?? []);
  return folders.flatMap((folder) =>
    existsSync(folder.path) ? everythingIn(folder.path, folder.without) : [],
  );
}

/** Several names of one file become links to the first: git has a hundred. */
function everythingIn(top: string, without: readonly string[]): readonly ImageEntry[] {
  const first = new Map<number, string>();
  const entries: ImageEntry[] = [];
  for (const name of readdirSync(top, { recursive: true, encoding: 'utf8' }).sort()) {
    if (name.split('/').some((part) => without.includes(part))) continue;
    const path = join(top, name);
    const stats = lstatSync(path);
    if (stats.isDirectory()) continue;
    const real = stats.isSymbolicLink() ? realpathIfAny(path) : path;
    if (real === undefined || !statSync(real).isFile()) continue;
    const { ino } = statSync(real);
    const known = first.get(ino);
    const place = placeOf(path);
    if (known === undefined) entries.push(copyOf(real, place, statSync(real).mode & 0o755));
    else entries.push({ kind: 'link', path: place, target: `/${known}` });
    first.set(ino, known ?? place);
  }
  return entries;
}

function realpathIfAny(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function certificates(): readonly ImageEntry[] {
  const file = CERTIFICATES.find((path) => existsSync(path));
  return file === undefined ? [] : [copyOf(realpathSync(file), 'etc/ssl/certs/ca-certificates.crt', 0o644)];
}

const copyOf = (source: string, path: string, mode: number): Extract<ImageEntry, { kind: 'copy' }> => ({
  kind: 'copy',
  path,
  mode,
  source,
  bytes: statSync(source).size,
});

/** In the image `/bin`, `/lib`, `/lib64` and `/sbin` are links into `/usr`, as current systems have it. */
function placeOf(path: string): string {
  const own = path.replace(/^\//, '');
  return /^(?:bin|sbin|lib\w*)\//.test(own) ? `usr/${own}` : own;
}

type Copy = Extract<ImageEntry, { kind: 'copy' }>;

/** A program or a library, by its first four bytes. */
function isLinked(entry: ImageEntry): entry is Copy {
  if (entry.kind !== 'copy' || (!(entry.mode & 0o111) && !entry.path.includes('.so'))) return false;
  return readFileSync(entry.source).subarray(0, 4).equals(Buffer.from('\x7fELF', 'latin1'));
}

/** Each path once, the first one given for it, and every folder before what is in it. */
function inOrder(entries: readonly ImageEntry[]): readonly ImageEntry[] {
  const byPath = new Map<string, ImageEntry>();
  for (const entry of entries) if (!byPath.has(entry.path)) byPath.set(entry.path, entry);
  const folders = new Set([...byPath.keys()].flatMap(foldersAbove));
  for (const path of folders) if (!byPath.has(path)) byPath.set(path, { kind: 'folder', path, mode: 0o755 });
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function foldersAbove(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === '.' ? [] : [parent, ...foldersAbove(parent)];
}
