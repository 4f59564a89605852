import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join, posix, relative, resolve, sep } from 'node:path';
import { contains } from './commands.ts';
import { plainText } from './plain-text.ts';

/** What one look takes at most: about 50 ms, none of it at a stretch. */
const MOST_LOOKED_AT = 5_000;
const MOST_FOUND = 30;
const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules', 'dist', 'target', '__pycache__']);

/**
 * Files below a folder whose path begins as typed; failing those, whose name does; failing those, whose path has the
 * letters in that order. Relative to the folder, the shortest first, at most 30. What is typed up to its last slash is a
 * folder to begin in. Hidden files are found by typing their dot. Links are not followed.
 */
export async function findFiles(folder: string, typed: string): Promise<readonly string[]> {
  const begin = resolve(folder, posix.dirname(`${typed}x`));
  if (begin !== resolve(folder) && !begin.startsWith(resolve(folder) + sep)) return [];
  const wantsHidden = posix.basename(`${typed}x`).startsWith('.');
  const paths = await pathsBelow(folder, begin, wantsHidden);
  const wanted = typed.toLowerCase();
  const isFound = RANKS.find((rank) => paths.some((path) => rank(path.toLowerCase(), wanted)));
  if (!isFound) return [];
  return paths
    .filter((path) => isFound(path.toLowerCase(), wanted))
    .sort((one, other) => one.length - other.length || (one < other ? -1 : 1))
    .slice(0, MOST_FOUND);
}

/** Best first: only the paths of the best that has any are offered. */
const RANKS: readonly ((path: string, wanted: string) => boolean)[] = [
  (path, wanted) => path.startsWith(wanted),
  (path, wanted) => basename(path).startsWith(wanted),
  (path, wanted) => path.includes(wanted),
  contains,
];

/** Nearer ones first, so that a deep tree does not use up the look. */
async function pathsBelow(root: string, begin: string, withHidden: boolean): Promise<readonly string[]> {
  const found: string[] = [];
  const folders = [begin];
  let lookedAt = 0;
  for (const folder of folders) {
    const entries = (await entriesOf(folder)).filter(
      ({ name }) => isTypable(name) && (withHidden || !name.startsWith('.')),
    );
    for (const entry of entries) {
      if (++lookedAt > MOST_LOOKED_AT) return found;
      const path = join(folder, entry.name);
      if (entry.isFile()) found.push(relative(root, path).replaceAll(sep, '/'));
      else if (entry.isDirectory() && !LEFT_OUT.has(entry.name)) folders.push(path);
    }
  }
  return found;
}

/** Names are others' words too: one that would steer the terminal, or end the quotation it stands in, is left out. */
const isTypable = (name: string): boolean => plainText(name) === name && !/["\n\t]/.test(name);

/** A folder that cannot be read has nothing to offer. */
function entriesOf(folder: string): Promise<readonly Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}
