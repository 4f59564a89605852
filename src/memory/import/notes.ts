import { join } from 'node:path';
import type { Origin } from '../../core/journal.ts';
import { MAX_DOCUMENT_BYTES } from '../objections.ts';
import { isPromptFile, normalisePath } from '../paths.ts';
import { type ImportItem, trouble } from './import-item.ts';
import { readTextFile } from './read-text-file.ts';
import { splitText } from './split-text.ts';

const NOTE = /\.(?:md|markdown|txt)$/i;

export const isNote = (file: string): boolean => NOTE.test(file);

/** Notes that the user wrote: each under its own path. */
export async function* notesOf(
  folder: string,
  files: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<ImportItem> {
  for await (const file of files) {
    if (isNote(file)) yield* noteItems(folder, file);
    else yield { type: 'ignored', what: file };
  }
}

interface NoteOptions {
  /** The document's path, where it is not the file's. */
  readonly to?: string;
  readonly origins?: readonly Origin[];
}

/** One note; too long a one in parts. */
export async function* noteItems(
  folder: string,
  file: string,
  { to = file, origins = [] }: NoteOptions = {},
): AsyncGenerator<ImportItem> {
  const path = normalisePath(to);
  if (!path.ok) return yield trouble(file, path.error);
  const read = await readTextFile(join(folder, file));
  if (!read.ok) return yield trouble(file, read.error);
  const text = read.value.replace(/^\ufeff/, '');
  if (text.trim() === '') return yield { type: 'ignored', what: file };
  const pieces = isPromptFile(path.value) ? [text] : partsOf(text);
  for (const [index, piece] of pieces.entries())
    yield { type: 'document', path: partPath(path.value, index), text: piece, origins };
}

const partsOf = (text: string): readonly string[] =>
  Buffer.byteLength(text) <= MAX_DOCUMENT_BYTES ? [text] : splitText(text, MAX_DOCUMENT_BYTES);

const partPath = (path: string, index: number): string =>
  index === 0 ? path : path.replace(/(\.[^./]+)?$/, (extension) => ` (part ${index + 1})${extension}`);
