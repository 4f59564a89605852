import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';
import type { GatewayLimits } from './limits.ts';

/** One server-sent event. `data` goes out as JSON on one line. */
export interface SentEvent {
  readonly event?: string;
  /** Where to go on after a lost connection: comes back as `Last-Event-ID`. */
  readonly id?: string;
  readonly data: unknown;
}

/** An answer that goes on: events to one reader, and how far the reader is behind with them. */
export interface EventStream {
  /** Sends, or buffers while the reader is slow. Ignored once the stream has ended. */
  push(event: SentEvent): void;
  /** As it is: for protocols with lines of their own. */
  pushRaw(text: string): void;
  /** True where the reader has so much to read already that what can wait should wait, and what can be left out should be. */
  readonly congested: boolean;
  /** Resolves in a later turn of the event loop, when there is room again or the stream has ended. */
  ready(): Promise<void>;
  /** Fires once, when the reader has gone or the stream was ended. */
  readonly ended: AbortSignal;
  end(): void;
  /** At each heartbeat: shows that the stream lives, and drops a reader that takes nothing. */
  beat(): void;
  unreadBytes(): number;
}

export interface EventStreamOptions {
  readonly response: ServerResponse;
  readonly headers: Readonly<Record<string, string | number | string[] | undefined>>;
  readonly limits: GatewayLimits;
  readonly clock: Clock;
}

export function openEventStream({ response, headers, limits, clock }: EventStreamOptions): EventStream {
  const over = new AbortController();
  let waiting: (() => void)[] = [];
  let progressAt = clock.now();
  let corked = false;
  const unread = () => response.writableLength + (response.socket?.writableLength ?? 0);
  const congested = () => !over.signal.aborted && unread() > limits.softBufferBytes;

  response.writeHead(200, {
    ...definedOnly(headers),
    'content-type': 'text/event-stream; charset=utf-8',
    'x-accel-buffering': 'no',
  });
  // A stream may be silent for longer than a request may take; the heartbeat finds readers that are gone.
  response.socket?.setTimeout(0);
  response.on('error', finish).on('close', finish);
  response.flushHeaders();

  return {
    push: (event) => write(format(event)),
    pushRaw: write,
    get congested() {
      return congested();
    },
    async ready() {
      await nextTurn();
      while (congested()) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    ended: over.signal,
    end() {
      response.end();
      finish();
    },
    beat() {
      if (unread() > 0 && clock.now() - progressAt >= limits.stallMs) response.destroy();
      else if (unread() === 0) write(': keep-alive\n\n');
    },
    unreadBytes: unread,
  };

  function write(text: string): void {
    if (over.signal.aborted) return;
    if (unread() > limits.hardBufferBytes) return void response.destroy();
    if (unread() === 0) progressAt = clock.now();
    cork();
    response.write(text, flushed);
  }

  /** What is pushed in one turn of the event loop leaves in one write. */
  function cork(): void {
    if (corked) return;
    corked = true;
    response.cork();
    setImmediate(() => {
      corked = false;
      response.uncork();
    });
  }

  function flushed(): void {
    progressAt = clock.now();
    if (!congested()) release();
  }

  function release(): void {
    const released = waiting;
    waiting = [];
    for (const resume of released) resume();
  }

  function finish(): void {
    over.abort();
    release();
  }
}

function format({ event, id, data }: SentEvent): string {
  const lines = [
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(event === undefined ? [] : [`event: ${event}`]),
    `data: ${JSON.stringify(data)}`,
  ];
  return `${lines.join('\n')}\n\n`;
}

function definedOnly(headers: EventStreamOptions['headers']): Record<string, string | number | string[]> {
  const defined: Record<string, string | number | string[]> = {};
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) defined[name] = value;
  return defined;
}
