import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The files beneath a folder, by their paths in it with `/`, in a fixed order. Hidden files and folders are passed
 * over, and so are links: they may lead anywhere.
 */
export async function* filesIn(folder: string, prefix = ''): AsyncGenerator<string> {
  const entries = await readdir(join(folder, prefix), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) yield* filesIn(folder, path);
    else if (entry.isFile()) yield path;
  }
}

/** The names of the files that lie in a folder itself, hidden ones aside. */
export async function topFiles(folder: string): Promise<ReadonlySet<string>> {
  const entries = await readdir(folder, { withFileTypes: true });
  return new Set(
    entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name),
  );
}
