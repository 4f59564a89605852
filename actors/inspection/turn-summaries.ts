import type { TurnSummary } from '../../src/core/inspect.ts';
import type { JournalEntry } from '../../src/core/journal.ts';
import type { Show } from './show.ts';

const ABOUT_CHARACTERS = 120;

/** Turns by where they begin and end, the newest first. */
export function summaries(bounds: readonly JournalEntry[], show: Show): readonly TurnSummary[] {
  const replies = new Map(
    bounds.flatMap((entry) => (entry.type === 'turn.replied' ? [[entry.turnId, entry] as const] : [])),
  );
  return bounds
    .flatMap((entry) => {
      if (entry.type !== 'turn.began') return [];
      const reply = replies.get(entry.turnId);
      return [
        {
          turnId: entry.turnId,
          beganAt: entry.at,
          endedAt: reply?.at ?? null,
          finish: reply?.finish ?? null,
          about: show.text(entry.messages[0]?.text ?? '', ABOUT_CHARACTERS),
          firstSeq: entry.seq,
          lastSeq: reply?.seq ?? entry.seq,
        },
      ];
    })
    .reverse();
}
