import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { coerceError, IronbarkError } from '../core/errors.ts';

/** No key is longer; a larger file is a mistake in the path. */
const MAX_BYTES = 64 * 1024;
const READABLE_BY_ALL = 0o004;

/**
 * What a file holds, without line breaks at its end. Rejects with an `IronbarkError` where it may not be used.
 *
 * @param hint what to do where the path is wrong
 */
export async function readSecretFile(path: string, hint: string): Promise<string> {
  const file = await opened(path, hint);
  try {
    return await readChecked(file, path, hint);
  } finally {
    await file.close();
  }
}

/** Without waiting: opening a named pipe would otherwise last until somebody writes to it. */
async function opened(path: string, hint: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (thrown) {
    const { message } = coerceError(thrown);
    throw trouble(`The secret in ${path} cannot be read: ${message}.`, hint);
  }
}

/** Asks the open file and not its path, so that what was checked is what is read. */
async function readChecked(file: FileHandle, path: string, hint: string): Promise<string> {
  const state = await file.stat();
  if (!state.isFile()) throw trouble(`${path} is not a regular file.`, hint);
  if (process.platform !== 'win32' && (state.mode & READABLE_BY_ALL) !== 0) {
    throw trouble(`${path} holds a secret and can be read by everybody.`, `Run: chmod 600 ${path}`);
  }
  if (state.size > MAX_BYTES) {
    throw trouble(`${path} has ${state.size} bytes; a secret has ${MAX_BYTES} at most.`, hint);
  }
  return withoutLineBreaks(await file.readFile('utf8'));
}

const withoutLineBreaks = (text: string): string => text.replace(/^\ufeff/, '').replace(/[\r\n]{1,4}$/, '');

const trouble = (message: string, hint: string): IronbarkError => new IronbarkError('config', message, hint);
