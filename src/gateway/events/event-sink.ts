import type { AppEvent } from '../../core/api/events.ts';
import type { LiveEvent } from '../../core/assistant.ts';
import type { ServerFrame } from '../../core/wire.ts';
import type { EventStream } from '../event-stream.ts';
import type { SubscriptionOutbound } from '../subscription.ts';
import { appEvents } from './app-events.ts';
import { missed } from './missed.ts';

/** Where events go: a stream of server-sent events, or a WebSocket. */
export type EventSink = Pick<EventStream, 'push' | 'congested' | 'ready' | 'ended' | 'end'>;

/** Written without a break before other work gets its turn. */
const BURST = 100;

export type EntryPushed = (threadId: string, seq: number, at: string) => string;

/**
 * What a subscription writes into, turned into events for a sink. What a slow reader was not told, because it was of
 * the moment only, it is told the number of.
 *
 * @param onEntry called when all events of an entry are about to go out; returns the id of the last of them
 */
export function outboundOf(sink: EventSink, onEntry: EntryPushed): SubscriptionOutbound {
  let burst = 0;
  let skipped = 0;

  function tell(events: readonly AppEvent[], id: string | undefined): void {
    for (const [index, data] of events.entries()) {
      const isLast = index === events.length - 1;
      sink.push({ event: data.type, data, ...(isLast && id !== undefined && { id }) });
    }
  }

  function tellSkipped(): void {
    if (skipped === 0) return;
    sink.push(missed({ chunks: skipped }));
    skipped = 0;
  }

  return {
    push(frame) {
      const happened = liveEventOf(frame);
      if (happened === undefined) return;
      burst++;
      tellSkipped();
      const [threadId, event] = happened;
      const id = event.type === 'entry' ? onEntry(threadId, event.entry.seq, event.entry.at) : undefined;
      tell(appEvents(threadId, event), id);
    },
    onSkipped() {
      skipped++;
    },
    get congested() {
      return sink.congested;
    },
    get wantsPause() {
      return burst >= BURST || sink.congested;
    },
    async ready() {
      await sink.ready();
      burst = 0;
    },
  };
}

function liveEventOf(frame: ServerFrame): readonly [string, LiveEvent] | undefined {
  switch (frame.type) {
    case 'entry':
    case 'delta':
    case 'progress':
      return [frame.conversationId, frame];
    default:
      return undefined;
  }
}
