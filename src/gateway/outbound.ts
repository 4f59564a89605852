import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { Clock } from '../core/clock.ts';
import type { ServerFrame } from '../core/wire.ts';
import type { GatewayLimits } from './limits.ts';

/** What goes out to one client, and how far the client is behind with reading it. */
export interface Outbound<Frame = ServerFrame> {
  /** Sends, or buffers while the client is slow. Ignored once the connection is closing. */
  push(frame: Frame): void;
  /** True where the client has so much to read already that what can wait should. */
  readonly congested: boolean;
  /** True where the sender should wait for `ready()`: for the client, or to let other work run. */
  readonly wantsPause: boolean;
  /** Resolves when there is room again, or when the connection is gone. */
  ready(): Promise<void>;
  /** True where the client has something to read and took none of it for `stallMs`. */
  stalled(): boolean;
  readonly idle: boolean;
}

export interface OutboundOptions<Frame = ServerFrame> {
  readonly socket: WebSocket;
  /** The connection that the socket writes to. */
  readonly transport: Transport;
  readonly limits: GatewayLimits;
  readonly clock: Clock;
  /** Called when something is pushed although the client is behind by `hardBufferBytes`. */
  readonly onOverflow: () => void;
  /** Whether a frame may let the work go first that it tells of; what comes after it waits no longer for that. */
  readonly mayWait?: (frame: Frame) => boolean;
}

/** A stream that can hold back what is written to it until all of it is there. */
export interface Transport {
  cork(): void;
  uncork(): void;
}

/**
 * Rounds of the event loop that a frame waits which may: those in which a step of a turn is handed on to the database or
 * the model. 0.1 ms where there is nothing else to do; fewer and the write comes in between, more and nothing is gained.
 */
const UNHURRIED_ROUNDS = 8;

/** Written without a break before other work gets its turn. */
const BURST_BYTES = 256 * 1024;

export function createOutbound<Frame = ServerFrame>(options: OutboundOptions<Frame>): Outbound<Frame> {
  const { socket, transport, limits, clock, onOverflow, mayWait = () => false } = options;
  let waiting: (() => void)[] = [];
  let progressAt = clock.now();
  let burst = 0;
  const open = () => socket.readyState === socket.OPEN;
  const congested = () => open() && socket.bufferedAmount > limits.softBufferBytes;

  const release = () => {
    const released = waiting;
    waiting = [];
    for (const resume of released) resume();
  };
  const flushed = () => {
    progressAt = clock.now();
    if (!congested()) release();
  };
  // What is pushed meanwhile leaves in one write, and after what else is to be done: a write wakes whoever reads, which
  // takes as long as some steps of a turn.
  let roundsLeft = 0;
  const goRound = () => {
    roundsLeft--;
    if (roundsLeft > 0) setImmediate(goRound);
    else transport.uncork();
  };
  const leaveWithin = (rounds: number) => {
    if (roundsLeft > 0) {
      roundsLeft = Math.min(roundsLeft, rounds);
      return;
    }
    roundsLeft = rounds;
    transport.cork();
    setImmediate(goRound);
  };
  const send = (json: string, rounds: number) => {
    if (socket.bufferedAmount === 0) progressAt = clock.now();
    burst += json.length;
    leaveWithin(rounds);
    socket.send(json, flushed);
  };
  socket.on('close', release);

  return {
    push(frame) {
      if (!open()) return;
      if (socket.bufferedAmount > limits.hardBufferBytes) onOverflow();
      else send(JSON.stringify(frame), mayWait(frame) ? UNHURRIED_ROUNDS : 1);
    },
    get congested() {
      return congested();
    },
    get wantsPause() {
      return burst >= BURST_BYTES || congested();
    },
    async ready() {
      await nextTurn();
      while (congested()) await new Promise<void>((resolve) => waiting.push(resolve));
      burst = 0;
    },
    stalled: () => socket.bufferedAmount > 0 && clock.now() - progressAt >= limits.stallMs,
    get idle() {
      return socket.bufferedAmount === 0;
    },
  };
}
