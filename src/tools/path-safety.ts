import { lstat, realpath } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { err, ok, type Result } from '../core/result.ts';
import { isSensitive } from './sensitive-paths.ts';

/** Where the file tools may go: one folder and the system's folders for temporary files. */
export interface FileScope {
  /** Relative paths begin here. */
  readonly root: string;
  /** The path as an absolute one, links not followed. */
  absolute(path: string): string;
  /**
   * The real place a path leads to, links followed, or why it may not be touched. The place need not exist yet;
   * then its nearest existing folder decides.
   */
  resolve(path: string): Promise<Result<string, string>>;
}

export interface FileScopeOptions {
  readonly root: string;
  /** What `~` stands for. */
  readonly home?: string;
  readonly temporary?: readonly string[];
  /** Folders that stay out of reach although they lie inside, for example the assistant's own database. */
  readonly forbidden?: readonly string[];
}

/** The longest that Linux takes. */
const MAX_PATH_LENGTH = 4096;

const DEVICE_FOLDERS: readonly string[] = ['/dev', '/proc', '/sys'];

export function createFileScope({
  root,
  home = homedir(),
  temporary = [tmpdir(), ...(sep === '/' ? ['/tmp'] : [])],
  forbidden = [],
}: FileScopeOptions): FileScope {
  const borders = { root, temporary: [...new Set(temporary)], forbidden };
  return {
    root,
    absolute: (path) => absolutePath(path, root, home),
    async resolve(path) {
      const malformed = malformation(path);
      if (malformed) return err(malformed);
      const absolute = absolutePath(path, root, home);
      const real = await realPlace(absolute);
      if (real === undefined)
        return err(`${path} cannot be resolved: it is a broken link, or leads through one.`);
      const objection = await objectionTo(real, borders);
      if (objection) return err(`${path} ${objection}`);
      if (isSensitive(real) || isSensitive(absolute)) return err(`${path} ${SENSITIVE}`);
      return ok(real);
    },
  };
}

const SENSITIVE = 'is off limits: places like it hold keys or passwords. Ask the user to do it themselves.';

function malformation(path: string): string | undefined {
  if (path.length > MAX_PATH_LENGTH) return `A path may have ${MAX_PATH_LENGTH} characters at most.`;
  if (path.includes('\0')) return 'A path must not contain a NUL byte.';
  return climbsWhenDecoded(path)
    ? `${path} is refused: it hides ".." or a separator behind percent signs.`
    : undefined;
}

/** Percent-encoding has no meaning in a path, so one that spells a way out was written to slip past a check. */
function climbsWhenDecoded(path: string): boolean {
  let text = path;
  for (let round = 0; round < 3; round++) {
    const decoded = text.replace(/%(2e|2f|5c|00|25)/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (decoded === text) return false;
    if (/\0|(?:^|[\\/])\.\.(?:[\\/]|$)/.test(decoded) || /%(?:2f|5c)/i.test(text)) return true;
    text = decoded;
  }
  return true;
}

function absolutePath(path: string, root: string, home: string): string {
  const expanded = /^~(?=$|[\\/])/.test(path) ? join(home, path.slice(1)) : path;
  return isAbsolute(expanded) ? resolve(expanded) : resolve(root, expanded);
}

/** Follows links as far as the path exists. Undefined where a link leads nowhere or in a circle. */
async function realPlace(path: string): Promise<string | undefined> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined) return real;
  const present = await lstat(path).catch(() => undefined);
  if (present?.isSymbolicLink()) return undefined;
  const parent = dirname(path);
  if (parent === path) return undefined;
  const realParent = await realPlace(parent);
  return realParent && join(realParent, basename(path));
}

interface Borders {
  readonly root: string;
  readonly temporary: readonly string[];
  readonly forbidden: readonly string[];
}

async function objectionTo(
  real: string,
  { root, temporary, forbidden }: Borders,
): Promise<string | undefined> {
  if (DEVICE_FOLDERS.some((folder) => isWithin(folder, real)))
    return 'is a device or kernel file and cannot be used.';
  const [realRoot, places, closed] = await Promise.all([
    realOrSame(root),
    Promise.all(temporary.map(realOrSame)),
    Promise.all(forbidden.map(realOrSame)),
  ]);
  if (![realRoot, ...places].some((place) => isWithin(place, real))) {
    return `is outside of what may be touched. Allowed are ${root} and the folder for temporary files.`;
  }
  const shut = closed.some(
    (place) => isWithin(place, real) && !(isWithin(place, realRoot) && isWithin(realRoot, real)),
  );
  return shut ? "is inside the assistant's own data and cannot be used." : undefined;
}

const realOrSame = async (path: string): Promise<string> => (await realPlace(resolve(path))) ?? resolve(path);

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
