import type { ServerResponse } from 'node:http';
import type { Clock } from '../core/clock.ts';
import type { Identity } from './admission.ts';
import { type EventStream, type EventStreamOptions, openEventStream } from './event-stream.ts';
import type { GatewayLimits } from './limits.ts';

/** All streams of server-sent events, so that they can be counted, kept alive and ended. */
export interface EventStreams {
  /** Undefined where there are as many as may be. */
  open(
    identity: Identity,
    response: ServerResponse,
    headers: EventStreamOptions['headers'],
  ): EventStream | undefined;
  beat(): void;
  count(): number;
  unreadBytes(): number;
  /** Ends what was opened with this login. */
  closeSession(sessionId: string): void;
  /** Ends what was opened with this token of a program. */
  closeApiToken(tokenId: string): void;
  stop(): void;
}

export function createEventStreams(limits: GatewayLimits, clock: Clock): EventStreams {
  const streams = new Map<EventStream, Identity>();

  return {
    open(identity, response, headers) {
      if (streams.size >= limits.streams) return undefined;
      const stream = openEventStream({ response, headers, limits, clock });
      streams.set(stream, identity);
      stream.ended.addEventListener('abort', () => streams.delete(stream), { once: true });
      return stream;
    },
    beat() {
      for (const stream of streams.keys()) stream.beat();
    },
    count: () => streams.size,
    unreadBytes: () => [...streams.keys()].reduce((sum, stream) => sum + stream.unreadBytes(), 0),
    closeSession(sessionId) {
      for (const [stream, identity] of streams) if (identity.sessionId === sessionId) stream.end();
    },
    closeApiToken(tokenId) {
      for (const [stream, identity] of streams) if (identity.apiTokenId === tokenId) stream.end();
    },
    stop() {
      for (const stream of streams.keys()) stream.end();
    },
  };
}
