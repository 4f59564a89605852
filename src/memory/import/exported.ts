import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { MANIFEST, type ManifestLine, readManifestLine } from '../export/manifest.ts';
import { normalisePath } from '../paths.ts';
import { type ImportItem, trouble } from './import-item.ts';
import { readTextFile } from './read-text-file.ts';

/** A folder that was exported from here: each document with its path and origins, whatever became of its file. */
export async function* exportedItems(
  folder: string,
  files: AsyncIterable<string>,
): AsyncGenerator<ImportItem> {
  const listed = new Map<string, ManifestLine>();
  for await (const line of createInterface({ input: createReadStream(join(folder, MANIFEST)) })) {
    const entry = readManifestLine(line);
    if (entry) listed.set(entry.file, entry);
    else if (line.trim() !== '')
      yield trouble(MANIFEST, `It has a line that says nothing: ${line.slice(0, 80)}`);
  }
  for await (const file of files) {
    const entry = listed.get(file);
    listed.delete(file);
    if (entry) yield await itemOf(folder, entry);
    else if (file !== MANIFEST && !file.startsWith('versions/')) yield trouble(file, UNLISTED);
  }
  for (const { file } of listed.values())
    yield trouble(file, `It is listed in ${MANIFEST} and is not there.`);
}

const UNLISTED = `It is not listed in ${MANIFEST}, so whose words it holds is not known. Import it by itself.`;

async function itemOf(folder: string, { path: given, file, origins }: ManifestLine): Promise<ImportItem> {
  const path = normalisePath(given);
  if (!path.ok) return trouble(file, path.error);
  const read = await readTextFile(join(folder, file));
  return read.ok
    ? { type: 'document', path: path.value, text: read.value, origins }
    : trouble(file, read.error);
}
