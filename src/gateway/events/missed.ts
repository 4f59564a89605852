import type { Missed } from '../../core/api/events.ts';
import type { SentEvent } from '../event-stream.ts';

/** Tells a reader what it was not told. */
export function missed(what: Partial<Omit<Missed, 'type'>>): SentEvent {
  const data: Missed = { type: 'missed', chunks: 0, threads: false, ...what };
  return { event: data.type, data };
}
