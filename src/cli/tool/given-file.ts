import { readFile, stat } from 'node:fs/promises';
import { coerceError, IronbarkError } from '../../core/errors.ts';

/**
 * Reads a file that was named on the command line.
 *
 * @param maxBytes of a plain file; a pipe is read to its end
 * @throws IronbarkError `usage` where it cannot be read, `check-failed` where it is too large
 */
export async function readGivenFile(path: string, maxBytes = Number.POSITIVE_INFINITY): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) throw tooLarge(path, size, maxBytes);
    return await readFile(path);
  } catch (thrown) {
    throw thrown instanceof IronbarkError ? thrown : unreadable(path, coerceError(thrown));
  }
}

const MIB = 1024 * 1024;

const tooLarge = (path: string, size: number, maxBytes: number): IronbarkError =>
  new IronbarkError(
    'check-failed',
    `${path} has ${(size / MIB).toFixed(1)} MiB; ${(maxBytes / MIB).toFixed(1)} MiB are allowed. (too-large)`,
  );

const REASONS: ReadonlyMap<unknown, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['ENOTDIR', 'there is no such file'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'you may not read it'],
  ['EPERM', 'you may not read it'],
]);

function unreadable(path: string, error: Error): IronbarkError {
  const known = 'code' in error ? REASONS.get(error.code) : undefined;
  return new IronbarkError('usage', `"${path}" cannot be read: ${known ?? error.message}.`);
}
