import type { ClientFrame, ServerFrame } from '../core/wire.ts';
import { type BackOff, defaultBackOff } from './back-off.ts';
import { GatewayError } from './gateway-error.ts';
import { type Link, openLink, type Welcome } from './link.ts';

/** A request without its id, which the link gives it. */
export type Question = ClientFrame extends infer F
  ? F extends ClientFrame
    ? Omit<F, 'requestId'>
    : never
  : never;

export type AnswerOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;

/**
 * Asks, and resolves with the answer of the expected type. `again`: asked again after a lost connection;
 * `once`: rejected then, if it had been sent. A function is asked for its question each time it is sent.
 */
export type AskGateway = <T extends ServerFrame['type']>(
  expected: T,
  question: Question | (() => Question),
  repeat?: Repeat,
) => Promise<AnswerOf<T>>;

export type Repeat = 'again' | 'once';

/** `reconnecting` until `connected` again; `closed` for good, by `close()` or because the token is refused. */
export type ConnectionState = 'connected' | 'reconnecting' | 'closed';

export interface ConnectionOptions {
  /** `ws://127.0.0.1:4747/ws`, or the `http://` address the assistant printed. */
  readonly url: string;
  readonly token: string;
  readonly onState?: (state: ConnectionState) => void;
  /** Default true. */
  readonly reconnect?: boolean;
  readonly backOff?: BackOff;
}

/** A connection that comes back, with the questions that wait for their answers. */
export interface ResilientLink {
  open(): Promise<void>;
  readonly request: AskGateway;
  welcome(): Welcome;
  close(): Promise<void>;
}

export interface ResilientLinkOptions extends ConnectionOptions {
  /** Every frame, in the order they came in. A promise's `then` may run only after the next frame. */
  readonly onFrame: (frame: ServerFrame) => void;
  /** Called after each connect but the first. A rejection drops the connection, to try again. */
  readonly onReconnected: () => Promise<void>;
}

interface Pending {
  readonly question: () => Question;
  readonly repeat: Repeat;
  readonly settle: (frame: ServerFrame) => void;
  readonly reject: (error: GatewayError) => void;
  sent: boolean;
}

/** Below what a gateway answers `busy` to. Further questions wait here. */
const WINDOW = 32;

export function createResilientLink(options: ResilientLinkOptions): ResilientLink {
  const { onState = () => {}, reconnect = true, backOff = defaultBackOff } = options;
  const pending = new Map<string, Pending>();
  const ended = new AbortController();
  let link: Link | undefined;
  let welcome: Welcome = { version: '', model: '' };
  let count = 0;

  const open = async () => {
    const opened = await openLink({ ...options, onFrame, onClosed });
    // Closed while this connection was being made.
    if (ended.signal.aborted) return opened.close();
    link = opened;
    welcome = link.welcome;
    onState('connected');
    sendWaiting();
  };

  const request: AskGateway = (expected, question, repeat = 'again') =>
    new Promise((resolve, reject) => {
      if (ended.signal.aborted) return reject(CLOSED());
      const settle = (frame: ServerFrame) => {
        if (isAnswer(frame, expected)) resolve(frame);
        else reject(asError(frame));
      };
      const ask = typeof question === 'function' ? question : () => question;
      pending.set(String(++count), { question: ask, repeat, settle, reject, sent: false });
      sendWaiting();
    });

  async function close(): Promise<void> {
    const last = link;
    end(CLOSED());
    await last?.close();
  }

  return { open, request, close, welcome: () => welcome };

  function onFrame(frame: ServerFrame): void {
    options.onFrame(frame);
    const id = ('requestId' in frame && frame.requestId) || '';
    const asked = pending.get(id);
    if (asked === undefined) return;
    pending.delete(id);
    asked.settle(frame);
    sendWaiting();
  }

  function sendWaiting(): void {
    if (link === undefined) return;
    let inFlight = 0;
    for (const [requestId, asked] of pending) {
      if (++inFlight > WINDOW) return;
      if (!asked.sent) link.send({ ...asked.question(), requestId });
      asked.sent = true;
    }
  }

  function onClosed(): void {
    link = undefined;
    if (ended.signal.aborted) return;
    if (reconnect) void comeBack();
    else end(CLOSED());
  }

  function forgetSent(): void {
    for (const [id, asked] of pending) {
      if (asked.sent && asked.repeat === 'once') {
        pending.delete(id);
        asked.reject(CLOSED());
      }
      asked.sent = false;
    }
  }

  async function comeBack(): Promise<void> {
    forgetSent();
    onState('reconnecting');
    for (let attempt = 0; link === undefined && !ended.signal.aborted; attempt++) {
      // An aborted wait rejects, and the loop sees that all has ended.
      await backOff(attempt, ended.signal).catch(() => {});
      if (ended.signal.aborted) return;
      await open().catch(giveUpIfForbidden);
    }
    options.onReconnected().catch(() => link?.drop());
  }

  function giveUpIfForbidden(error: GatewayError): void {
    if (error.code === 'forbidden') end(error);
  }

  function end(error: GatewayError): void {
    if (ended.signal.aborted) return;
    ended.abort();
    link = undefined;
    for (const asked of pending.values()) asked.reject(error);
    pending.clear();
    onState('closed');
  }
}

const CLOSED = () => new GatewayError('closed', 'The connection to the assistant was closed.');

function isAnswer<T extends ServerFrame['type']>(frame: ServerFrame, expected: T): frame is AnswerOf<T> {
  return frame.type === expected;
}

function asError(frame: ServerFrame): GatewayError {
  if (frame.type === 'error') return new GatewayError(frame.code, frame.message);
  return new GatewayError('internal', `The assistant gave an unexpected answer (${frame.type}).`);
}
