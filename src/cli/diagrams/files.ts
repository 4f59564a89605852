import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DrawnFile } from './draw.ts';

/** Names of files that are missing, are not as they should be, or are of a statechart that is gone. */
export function staleFiles(folder: string, files: readonly DrawnFile[]): readonly string[] {
  const changed = files.filter(({ name, text }) => read(join(folder, name)) !== text).map(({ name }) => name);
  return [...changed, ...leftOver(folder, files)];
}

/** Makes the folder as it should be. Names of the files that changed. */
export function writeFiles(folder: string, files: readonly DrawnFile[]): readonly string[] {
  const stale = new Set(staleFiles(folder, files));
  for (const name of leftOver(folder, files)) rmSync(join(folder, name));
  for (const { name, text } of files) {
    if (!stale.has(name)) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return [...stale];
}

function leftOver(folder: string, files: readonly DrawnFile[]): readonly string[] {
  const wanted = new Set(files.map(({ name }) => name));
  return svgsIn(join(folder, 'diagrams'))
    .map((file) => `diagrams/${file}`)
    .filter((name) => !wanted.has(name));
}

function svgsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((file) => file.endsWith('.svg'));
  } catch {
    return [];
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
