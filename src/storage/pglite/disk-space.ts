import { statfsSync } from 'node:fs';
import type { SqlTrouble } from '../sql-error.ts';

/**
 * Room that must be left before anything is written: PostgreSQL stops for good when it cannot extend its log (1 MB
 * at a time) or write a checkpoint. A write is refused before it comes to that, and succeeds once there is room.
 */
const RESERVE_BYTES = 16 * 1024 * 1024;

/** PostgreSQL's own code for a full disk. */
const DISK_FULL = '53100';

/** What is wrong with writing into this folder now, if anything. A few microseconds. */
export function diskTrouble(folder: string): SqlTrouble | undefined {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= RESERVE_BYTES) return undefined;
  return { code: DISK_FULL, message: `less than ${RESERVE_BYTES / 1024 / 1024} MB are left` };
}
