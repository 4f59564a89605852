import type { Origin } from '../../core/journal.ts';
import { type ImportItem, trouble } from './import-item.ts';
import { noteItems } from './notes.ts';

/** Files at the top of an OpenClaw workspace that mean the same here. */
const KEPT = new Set([
  'AGENTS.md',
  'HEARTBEAT.md',
  'IDENTITY.md',
  'MEMORY.md',
  'SOUL.md',
  'TOOLS.md',
  'USER.md',
]);

const DAY = /^memory\/(\d{4}-\d{2}-\d{2}\.md)$/;

export const isOpenclaw = (topFiles: ReadonlySet<string>): boolean =>
  topFiles.has('SOUL.md') && ['AGENTS.md', 'IDENTITY.md', 'USER.md'].some((name) => topFiles.has(name));

/**
 * What an OpenClaw workspace remembers. Its notes of days become those of `daily/`; other files are none of memory.
 * Notes its agent took by itself, after whatever it read; the files at the top the user lives with and looks after.
 */
export async function* openclawItems(
  folder: string,
  files: AsyncIterable<string>,
  origin: Origin,
): AsyncGenerator<ImportItem> {
  const origins = [origin];
  for await (const file of files) {
    if (KEPT.has(file)) yield* noteItems(folder, file);
    else if (DAY.test(file)) yield* noteItems(folder, file, { to: file.replace(DAY, 'daily/$1'), origins });
    else if (/^memory\/.+\.md$/.test(file)) yield* noteItems(folder, file, { origins });
    else if (file === 'BOOTSTRAP.md') yield { type: 'ignored', what: file };
    else if (file.endsWith('.md')) yield trouble(file, NOT_MEMORY);
    else yield { type: 'ignored', what: file };
  }
}

const NOT_MEMORY =
  'It is not among the files in which OpenClaw remembers. To have it as a note, import it by itself.';
