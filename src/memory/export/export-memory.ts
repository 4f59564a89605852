import { type FileHandle, mkdir, open, readdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { IronbarkError } from '../../core/errors.ts';
import type { MemoryDesk, MemoryText } from '../../core/memory.ts';
import { createWriters } from '../at-once.ts';
import { createFileNames } from './file-names.ts';
import { MANIFEST, type ManifestLine, UNFINISHED } from './manifest.ts';

export interface ExportOptions {
  /** With every kept version of each document, to read: they are not imported again. */
  readonly versions: boolean;
  /** Called after each document. */
  readonly onProgress?: (done: number) => void;
}

export interface ExportReport {
  readonly folder: string;
  readonly documents: number;
  readonly versions: number;
}

const PAGE = 1_000;
const AT_ONCE = 4;

/**
 * Every document as a file in a folder that is new or empty, with a list of what files cannot say. The list is put
 * in place last: without it the export is not complete. Only its owner can read the folder's files.
 */
export async function exportMemory(
  memory: MemoryDesk,
  given: string,
  { versions, onProgress = () => {} }: ExportOptions,
): Promise<ExportReport> {
  const folder = resolve(given);
  await makeEmpty(folder);
  const fileOf = createFileNames();
  // Taken by what we write ourselves.
  fileOf(MANIFEST);
  fileOf('versions');
  const report = { folder, documents: 0, versions: 0 };
  const manifest = await open(join(folder, UNFINISHED), 'wx', 0o600);
  try {
    const writers = createWriters(AT_ONCE);
    for await (const path of pathsOf(memory)) {
      const file = fileOf(path);
      await writers.add(async () => {
        if (!(await exportDocument(memory, path, join(folder, file), (line) => enter(manifest, file, line))))
          return;
        if (versions) report.versions += await exportVersions(memory, path, join(folder, 'versions', file));
        onProgress(++report.documents);
      });
    }
    await writers.done();
  } finally {
    await manifest.close();
  }
  await rename(join(folder, UNFINISHED), join(folder, MANIFEST));
  return report;
}

async function makeEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length === 0) return;
  throw new IronbarkError(
    'usage',
    `${folder} is not empty.`,
    'Name a new folder, so that nothing is mixed up.',
  );
}

async function* pathsOf(memory: MemoryDesk): AsyncGenerator<string> {
  let after = '';
  for (;;) {
    const paths = await memory.paths({ after, limit: PAGE });
    yield* paths;
    const last = paths.at(-1);
    if (last === undefined || paths.length < PAGE) return;
    after = last;
  }
}

/** False where the document has gone in the meantime. */
async function exportDocument(
  memory: MemoryDesk,
  path: string,
  file: string,
  entered: (document: MemoryText) => Promise<void>,
): Promise<boolean> {
  const document = await memory.read(path);
  if (!document) return false;
  await writeNew(file, document.content);
  await entered(document);
  return true;
}

async function exportVersions(memory: MemoryDesk, path: string, folder: string): Promise<number> {
  const extension = /\.[^./]{1,15}$/.exec(path)?.[0] ?? '';
  let count = 0;
  for (const { version } of (await memory.history(path))?.versions ?? []) {
    const document = await memory.read(path, version);
    if (!document) continue;
    await writeNew(join(folder, `${version}${extension}`), document.content);
    count++;
  }
  return count;
}

async function writeNew(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, content, { flag: 'wx', mode: 0o600 });
}

async function enter(manifest: FileHandle, file: string, document: MemoryText): Promise<void> {
  const { path, version, updatedAt, origins } = document;
  const line: ManifestLine = { path, file, version, updatedAt, origins };
  await manifest.write(`${JSON.stringify(line)}\n`);
}
