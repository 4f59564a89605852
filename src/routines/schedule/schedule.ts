import { ok, type Result } from '../../core/result.ts';
import { nextTime } from './next-time.ts';
import { type Cron, readCron } from './read-cron.ts';
import { findZone, type Zone } from './zone.ts';

/** A cron expression in a time zone. */
export interface Schedule {
  readonly cron: Cron;
  readonly zone: Zone;
  /** The first moment after this one, in milliseconds since the Unix epoch; null: it never comes again. */
  next(after: number): number | null;
}

/**
 * Reads a schedule; the error says to a person what is wrong with it.
 *
 * Cost: what was read is kept, 1,000 schedules at most, some 6 kB each.
 */
export function readSchedule(text: string, timezone: string): Result<Schedule, string> {
  const key = `${timezone} ${text}`;
  const known = read.get(key);
  if (known) return ok(known);
  const cron = readCron(text);
  if (!cron.ok) return cron;
  const zone = findZone(timezone);
  if (!zone.ok) return zone;
  const schedule: Schedule = {
    cron: cron.value,
    zone: zone.value,
    next: (after) => nextTime(cron.value, zone.value, after),
  };
  if (read.size >= MOST_KEPT) read.clear();
  read.set(key, schedule);
  return ok(schedule);
}

const MOST_KEPT = 1_000;
const read = new Map<string, Schedule>();

/** The next so many times, fewer where it ends before. */
export function nextTimes({ next }: Schedule, after: number, count: number): readonly number[] {
  const times: number[] = [];
  let at: number | null = after;
  while (times.length < count) {
    at = next(at);
    if (at === null) break;
    times.push(at);
  }
  return times;
}
