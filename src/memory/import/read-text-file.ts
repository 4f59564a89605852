import { constants, type FileHandle, open } from 'node:fs/promises';
import { coerceError } from '../../core/errors.ts';
import { err, ok, type Result } from '../../core/result.ts';

/** Largest file that is read as a note. What is larger is data rather than something that was written down. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** A text file as it is, or why it is none. Nothing is guessed: what is not UTF-8 is refused. */
export async function readTextFile(path: string): Promise<Result<string, string>> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = await file.stat();
    if (!stats.isFile()) return err('It is not a file.');
    if (stats.size > MAX_FILE_BYTES)
      return err(`It has ${stats.size} bytes; up to ${MAX_FILE_BYTES} are read.`);
    return textOf(await file.readFile());
  } catch (thrown) {
    return err(`It cannot be read: ${coerceError(thrown).message}`);
  } finally {
    await file?.close();
  }
}

function textOf(bytes: Buffer): Result<string, string> {
  if (bytes.includes(0)) return err('It is binary, or not in UTF-8.');
  try {
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return err('It is not in UTF-8. Save it as UTF-8 and import it again.');
  }
}
