import type { BeatRow } from './beats.ts';

/** Failures since a beat last ended well, as far as the given beats go. */
export interface Streak {
  readonly failures: number;
  /** The first of them, in milliseconds since the Unix epoch. */
  readonly since: number | undefined;
  /** When the latest of them ended. */
  readonly endedAt: number;
}

/** @param beats newest first */
export function failureStreak(beats: readonly BeatRow[]): Streak {
  const ended = beats.filter(({ state }) => state !== 'wanted' && state !== 'claimed');
  const wellAt = ended.findIndex(({ state }) => state !== 'failed');
  const failed = wellAt < 0 ? ended : ended.slice(0, wellAt);
  return {
    failures: failed.length,
    since: failed.at(-1)?.dueAt,
    endedAt: Math.max(0, ...failed.map(({ endedAt }) => endedAt ?? 0)),
  };
}
