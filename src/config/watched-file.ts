import { lstat, readFile, stat } from 'node:fs/promises';
import { coerceError } from '../core/errors.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { FileTrouble } from './checked-toml.ts';

/** A file of the owner's that counts as it is at each moment. */
export interface WatchedFile<T> {
  current(): Promise<Result<T, FileTrouble>>;
}

export interface WatchedFileOptions<T> {
  /** Absolute. */
  readonly path: string;
  /** One that is larger is not even read. */
  readonly maxBytes: number;
  /** What a missing file says. */
  readonly none: T;
  /** What to do where it cannot be read. */
  readonly hint: string;
  read(bytes: Uint8Array): Result<T, FileTrouble> | Promise<Result<T, FileTrouble>>;
}

/**
 * The file is looked at each time and read anew where it changed, so that an edit counts at once. A missing file is
 * none; one that cannot be read, or is mistaken, is trouble. Costs one `stat` a look.
 */
export function watchFile<T>(options: WatchedFileOptions<T>): WatchedFile<T> {
  const { path, none } = options;
  let known: { readonly mark: string; readonly reading: Result<T, FileTrouble> } | undefined;
  return {
    async current() {
      try {
        // Taken before the file is read: one that changes meanwhile is read again next time.
        const file = await stat(path, { bigint: true });
        const mark = [file.mtimeNs, file.ctimeNs, file.size, file.ino].join(' ');
        if (known?.mark !== mark) known = { mark, reading: await read(options, file) };
        return known.reading;
      } catch (thrown) {
        known = undefined;
        return (await isMissing(path, thrown))
          ? ok(none)
          : err(unreadable(options, coerceError(thrown).message));
      }
    },
  };
}

async function read<T>(
  options: WatchedFileOptions<T>,
  file: { isFile(): boolean; readonly size: bigint },
): Promise<Result<T, FileTrouble>> {
  const { path, maxBytes } = options;
  if (!file.isFile()) return err(unreadable(options, 'it is not a file'));
  return options.read(file.size > maxBytes ? new Uint8Array(maxBytes + 1) : await readFile(path));
}

/** A folder above that does not exist has no such file in it either. A link that leads nowhere is there. */
async function isMissing(path: string, thrown: unknown): Promise<boolean> {
  if (!(thrown instanceof Error && 'code' in thrown)) return false;
  if (thrown.code === 'ENOTDIR') return true;
  return thrown.code === 'ENOENT' && !(await lstat(path).catch(() => undefined));
}

function unreadable<T>({ path, hint }: WatchedFileOptions<T>, reason: string): FileTrouble {
  return { file: path, line: undefined, message: `it cannot be read (${reason})`, hint };
}
