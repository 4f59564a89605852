import type { Assistant } from '../../core/assistant.ts';
import type { Clock } from '../../core/clock.ts';
import type { EventSink } from './event-sink.ts';
import { workEvents } from './work-events.ts';

export interface WorkFeedOptions {
  readonly assistant: Pick<Assistant, 'watchWork'>;
  readonly sink: Pick<EventSink, 'push' | 'congested' | 'ended'>;
  readonly clock: Clock;
}

/**
 * Tells a sink of jobs and runs of routines until it ends: of all, or of those that work in one thread. What a job said
 * and takes is left out while the reader is behind; the state that it came into is not.
 */
export function feedWork({ assistant, sink, clock }: WorkFeedOptions, threadId?: string): void {
  if (sink.ended.aborted) return;
  const stop = assistant.watchWork((event) => {
    if ((event.type === 'job-event' || event.type === 'job-usage') && sink.congested) return;
    for (const data of workEvents(event, clock.now())) {
      if (threadId === undefined || data.thread_id === threadId) sink.push({ event: data.type, data });
    }
  });
  sink.ended.addEventListener('abort', stop, { once: true });
}
