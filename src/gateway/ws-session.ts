import type { WebSocket } from 'ws';
import type { Clock } from '../core/clock.ts';
import { err } from '../core/result.ts';
import type { ClientFrame, ServerFrame } from '../core/wire.ts';
import { errorFrame, parseFrame } from './frames.ts';
import type { GatewayLimits } from './limits.ts';
import { createOutbound, type Transport } from './outbound.ts';
import { answerRequest, type Request, type RequestContext } from './requests.ts';
import { createSubscriptions } from './subscriptions.ts';

/** One connected client: what it asks, what it watches and how well it keeps up. */
export interface WsSession {
  /** Called at each heartbeat: pings, and drops a client that is dead or reads nothing. */
  beat(): void;
  /** Answers what is being worked on, then closes. Resolves when the connection is gone. */
  stop(): Promise<void>;
  close(code: number, reason: string): void;
  unreadBytes(): number;
  /** For when the grace has ended. */
  terminate(): void;
}

export interface WsSessionOptions extends RequestContext {
  readonly socket: WebSocket;
  /** The connection that the socket writes to. */
  readonly transport: Transport;
  readonly version: string;
  readonly limits: GatewayLimits;
  readonly clock: Clock;
}

const BINARY_FRAME = err(errorFrame(null, 'bad-frame', 'Frames are text, not binary.'));

/** How a turn gets on, but for its reply. */
const tellsOfTurn = (frame: ServerFrame): boolean =>
  frame.type === 'accepted' ||
  frame.type === 'delta' ||
  (frame.type === 'entry' && frame.entry.type !== 'turn.replied');

const TOO_MANY_REQUESTS = 'Too many requests wait for their answer. Wait for some of them first.';

export function startSession(options: WsSessionOptions): WsSession {
  const { socket, assistant, limits, log } = options;
  const outbound = createOutbound({ ...options, mayWait: tellsOfTurn, onOverflow: () => closeAsTooSlow() });
  // A client whose journal cannot be read comes back with its cursor, by when it may be readable again.
  const onLost = () => close(1011, 'journal not readable');
  const subscriptions = createSubscriptions({ ...options, outbound, onLost });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const answering = new Set<Promise<void>>();
  let stopping = false;
  let heard = true;

  socket.on('message', (data, isBinary) => {
    heard = true;
    // Text comes as one buffer; the other kinds of data are for other settings of the socket.
    const frame = isBinary || !Buffer.isBuffer(data) ? BINARY_FRAME : parseFrame(data);
    if (frame.ok) onFrame(frame.value);
    else outbound.push(frame.error);
  });
  socket.on('pong', () => {
    heard = true;
  });
  // The socket closes itself after an error (invalid UTF-8: 1007, too large: 1009); unheard it would end the process.
  socket.on('error', (error) => log.warn({ err: error }, 'a client broke the WebSocket protocol'));
  socket.once('close', subscriptions.clear);
  outbound.push({ type: 'welcome', version: options.version, model: assistant.status().model });

  return { beat, stop, close, unreadBytes: () => socket.bufferedAmount, terminate: () => socket.terminate() };

  function onFrame(frame: ClientFrame): void {
    const refusal = refuseNow(frame);
    if (refusal !== undefined) outbound.push(refusal);
    else if (frame.type === 'subscribe') subscriptions.open(frame);
    else if (frame.type === 'unsubscribe') subscriptions.end(frame);
    else work(frame);
  }

  function refuseNow(frame: ClientFrame): ServerFrame | undefined {
    const { requestId } = frame;
    if (stopping)
      return errorFrame(requestId, 'shutting-down', 'The assistant is stopping. Try again shortly.');
    if (answering.size >= limits.requestsInFlight) return errorFrame(requestId, 'busy', TOO_MANY_REQUESTS);
    return undefined;
  }

  function work(request: Request): void {
    const done = answerRequest(request, options)
      .then(async (frame) => {
        if (outbound.congested) await outbound.ready();
        outbound.push(frame);
      })
      .finally(() => answering.delete(done));
    answering.add(done);
  }

  function beat(): void {
    // Behind much unread data a pong is late without the client being dead.
    const dead = !heard && outbound.idle;
    if (dead || socket.readyState !== socket.OPEN) socket.terminate();
    else if (outbound.stalled()) closeAsTooSlow();
    else socket.ping();
    heard = false;
  }

  function closeAsTooSlow(): void {
    log.warn({ unreadBytes: socket.bufferedAmount }, 'a client read too slowly');
    socket.send(JSON.stringify(errorFrame(null, 'too-slow', 'What was pushed was not read in time.')));
    close(1013, 'too-slow');
  }

  function close(code: number, reason: string): void {
    socket.close(code, reason);
    subscriptions.clear();
  }

  async function stop(): Promise<void> {
    stopping = true;
    await Promise.race([Promise.all(answering), closed]);
    close(1001, 'the assistant is stopping');
    await closed;
  }
}
