import { createHash } from 'node:crypto';

/** The id of a run: the same routine and the same cause (a due time, a message, an event) are the same run. */
export const runIdOf = (routineId: string, cause: string): string =>
  digest(`${routineId}/${cause}`).slice(0, 24);

/** How long a start is put off: always the same for one due time, below `mostMs`. */
export const jitterOf = (routineId: string, dueAt: number, mostMs: number): number =>
  mostMs === 0 ? 0 : Number.parseInt(digest(`${routineId}@${dueAt}`).slice(0, 12), 16) % mostMs;

/** The same content has the same one. */
export const contentHash = (content: string): string => digest(content).slice(0, 32);

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
