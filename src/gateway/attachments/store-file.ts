import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FileUpload } from '../../core/api/chat.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { FileScope } from '../../tools/index.ts';
import { numberedName, safeFileName } from './file-name.ts';
import { sniffType } from './sniff-type.ts';

/** A file that a client hands over. */
export interface OfferedFile {
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
}

export interface StoredFile extends FileUpload {
  /** Takes it away again. */
  remove(): Promise<void>;
}

/** Files of the same name on one day. */
const MAX_NUMBER = 1_000;

/**
 * Puts a file below `attachments/<day>/` of the files folder, under a name that nothing else has, where tools can read
 * it. An error says why it cannot be.
 *
 * @param day ISO 8601, UTC
 */
export async function storeFile(
  scope: FileScope,
  day: string,
  { name, type: said, content }: OfferedFile,
): Promise<Result<StoredFile, string>> {
  const type = sniffType(content, said);
  const folder = join('attachments', day);
  // The folder may have been replaced by a link that leads out of what may be touched.
  const place = await scope.resolve(join(folder, safeFileName(name, type)));
  if (!place.ok) return place;
  await mkdir(dirname(place.value), { recursive: true });
  for (let number = 1; number <= MAX_NUMBER; number++) {
    const file = join(dirname(place.value), numberedName(basename(place.value), number));
    if (await writeNew(file, content)) return ok(stored(file, folder, type, content.length));
  }
  return err(`There are ${MAX_NUMBER} files named ${name} already.`);
}

/** False where there is something of that name, be it a link. */
async function writeNew(file: string, content: Buffer): Promise<boolean> {
  try {
    await writeFile(file, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function stored(file: string, folder: string, mime_type: string, size: number): StoredFile {
  const path = join(folder, basename(file));
  const line = `[attached: ${path}, ${mime_type}, ${inWords(size)}]`;
  return { path, mime_type, size, line, remove: () => rm(file, { force: true }) };
}

function inWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
