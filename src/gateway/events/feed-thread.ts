import type { Assistant } from '../../core/assistant.ts';
import type { GatewayLog } from '../log.ts';
import { startSubscription } from '../subscription.ts';
import { formatCursor } from './cursor.ts';
import { type EventSink, outboundOf } from './event-sink.ts';

export interface FeedOptions {
  readonly assistant: Assistant;
  readonly sink: EventSink;
  readonly log: GatewayLog;
}

/** Beyond every entry: the subscription then begins at the newest. */
export const NOW = Number.MAX_SAFE_INTEGER;

/**
 * Tells a sink of one thread until it ends: what came after an entry, then what happens.
 *
 * @param after the number of the last entry that the reader has; `NOW`: only what happens from now on
 */
export function feedThread({ assistant, sink, log }: FeedOptions, threadId: string, after: number): void {
  const id = (seq: number) => formatCursor({ of: 'thread', threadId, seq });
  const { stop } = startSubscription({
    assistant,
    conversationId: threadId,
    after,
    outbound: outboundOf(sink, (_, seq) => id(seq)),
    // From here on a lost connection can be taken up again, also where nothing happened until then.
    onCaughtUp: (seq) => sink.push({ event: 'heartbeat', id: id(seq), data: { type: 'heartbeat' } }),
    onFailure(error) {
      log.error({ err: error, conversationId: threadId }, 'a thread could not be read');
      sink.end();
    },
  });
  sink.ended.addEventListener('abort', stop, { once: true });
  if (sink.ended.aborted) stop();
}
