import { execFileSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from './durable-files.ts';

/** Makes a whole folder safe from power loss. */
export function syncTree(folder: string): void {
  if (!syncFileSystem(folder)) syncEach(folder);
}

/** One flush of everything instead of a thousand of each: 30 ms against seconds on a slow disk. */
function syncFileSystem(folder: string): boolean {
  // Elsewhere the command ignores `-f`, or does not wait.
  if (process.platform !== 'linux') return false;
  try {
    execFileSync('sync', ['-f', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function syncEach(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) syncEach(path);
    else syncFile(path);
  }
  syncFolder(folder);
}

function syncFile(path: string): void {
  // Windows flushes only what is open for writing.
  const fd = openSync(path, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
