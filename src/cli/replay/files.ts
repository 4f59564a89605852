import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { IronbarkError } from '../../core/errors.ts';

/**
 * The trace files that the given paths name: files as they are, folders as every `*.json` beneath them in
 * alphabetical order. Throws a usage error for a path that does not exist or a folder that holds none.
 */
export async function findTraceFiles(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(paths.map(filesAt));
  return [...new Set(found.flat())];
}

async function filesAt(path: string): Promise<readonly string[]> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) {
    throw new IronbarkError(
      'usage',
      `There is no ${path}.`,
      'Name a trace file, or a folder that holds some.',
    );
  }
  return stats.isDirectory() ? filesIn(path) : [path];
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => name.endsWith('.json')).sort();
  if (files.length > 0) return files.map((name) => join(folder, name));
  throw new IronbarkError('usage', `${folder} holds no trace.`, 'Traces are files whose names end in .json.');
}
