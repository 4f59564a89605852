import type { JournalEntry } from '../../src/core/journal.ts';

/**
 * The turns that can be brought back, in the order in which they were taken back: the last one comes back first.
 * Nothing can be brought back once something was said since, or all was cleared. Linear in the entries.
 */
export function undoneTurns(entries: readonly JournalEntry[]): readonly string[] {
  let undone: readonly string[] = [];
  for (const entry of entries) {
    if (entry.type === 'turn.began' && entry.route !== 'command') undone = [];
    if (entry.type !== 'history.changed') continue;
    const { change, turnIds } = entry;
    if (change === 'undo') undone = [...undone, ...turnIds];
    else if (change === 'redo') undone = undone.filter((turnId) => !turnIds.includes(turnId));
    else undone = [];
  }
  return undone;
}
