import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Puts a file in place whole or not at all, also through a loss of power; only its owner may read it. Readers see the
 * old content or the new, never a part. One writer for a path at a time.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  // With a dot in front, what a crash leaves behind is no tool; with one name, the next writer sweeps it away.
  const draft = join(dirname(path), `.${basename(path)}.new`);
  await rm(draft, { force: true });
  try {
    await writeDraft(draft, content);
    await rename(draft, path);
  } catch (thrown) {
    await rm(draft, { force: true });
    throw thrown;
  }
  await syncFolder(dirname(path));
}

async function writeDraft(path: string, content: string | Uint8Array): Promise<void> {
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(content);
  await file.sync();
}

/** A rename is only as durable as the folder that it happened in. Windows cannot do it, and need not. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using folder = await open(path, 'r');
  await folder.sync();
}
