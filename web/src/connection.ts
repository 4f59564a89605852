import { computed, signal } from '@preact/signals';
import type { ClientFrame, ServerFrame, WireErrorCode } from '../../src/core/wire.ts';
import { disconnected } from './session.ts';

/** A frame as it is asked, without the id of the request, which is added. */
export type Question = ClientFrame extends infer F
  ? F extends ClientFrame
    ? Omit<F, 'requestId'>
    : never
  : never;
export type AnswerType = Extract<ServerFrame, { requestId: unknown }>['type'];
type Answer<T extends AnswerType> = Extract<ServerFrame, { type: T }>;

/** Why a request over the connection failed; `closed`: the connection was lost before an answer came. */
export class ConnectionError extends Error {
  readonly code: WireErrorCode | 'closed';

  constructor(code: WireErrorCode | 'closed', message: string) {
    super(message);
    this.name = 'ConnectionError';
    this.code = code;
  }
}

export type ConnectionState =
  | { readonly is: 'connecting' }
  | { readonly is: 'connected' }
  | { readonly is: 'waiting'; readonly seconds: number };

export const connection = signal<ConnectionState>({ is: 'connecting' });
export const isConnected = computed(() => connection.value.is === 'connected');
/** What the server said of itself at the last connect. */
export const server = signal<{ readonly version: string; readonly model: string } | null>(null);

interface Waiting {
  readonly expected: AnswerType;
  resolve(frame: ServerFrame): void;
  reject(error: Error): void;
}

const waiting = new Map<string, Waiting>();
const listeners = new Set<(frame: ServerFrame) => void>();
const openers = new Set<() => void>();
let socket: WebSocket | undefined;
let count = 0;
let attempt = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Every frame that comes, answers too. Returns what ends it. */
export function onFrame(listener: (frame: ServerFrame) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Now if connected, and at every connect from now on: the place to subscribe (anew, by cursor). Returns what ends it. */
export function whenConnected(work: () => void): () => void {
  openers.add(work);
  if (isConnected.peek()) work();
  return () => openers.delete(work);
}

/**
 * One question and its answer: `await request('conversations', { type: 'conversations' })`. Rejects with a
 * ConnectionError, also where there is no connection now.
 */
export function request<T extends AnswerType>(expected: T, question: Question): Promise<Answer<T>> {
  return new Promise((resolve, reject) => {
    if (socket?.readyState !== WebSocket.OPEN || !isConnected.peek())
      return reject(new ConnectionError('closed', 'Not connected.'));
    const requestId = String(++count);
    waiting.set(requestId, {
      expected,
      reject,
      resolve(frame) {
        if (isOfType(frame, expected)) resolve(frame);
        else reject(new ConnectionError('internal', `The server answered with ${frame.type}.`));
      },
    });
    socket.send(JSON.stringify({ ...question, requestId }));
  });
}

function isOfType<T extends AnswerType>(frame: ServerFrame, type: T): frame is Answer<T> {
  return frame.type === type;
}

/** Connects, and again whenever the connection is lost. */
export async function connect(): Promise<void> {
  clearTimeout(timer);
  connection.value = { is: 'connecting' };
  const session = await fetch('/api/session').catch(() => undefined);
  if (session?.status === 401) {
    disconnected.value = 'logged-out';
    return;
  }
  if (!session?.ok) return retry();
  socket = new WebSocket(`${location.origin.replace('http', 'ws')}/ws`);
  socket.onmessage = ({ data }) => receive(JSON.parse(data));
  socket.onclose = lost;
}

/** Whoever waits for the next try may ask for it now. */
export function retryNow(): void {
  if (connection.peek().is === 'waiting') void connect();
}

function receive(frame: ServerFrame): void {
  if (frame.type === 'welcome') {
    welcome(frame);
    return;
  }
  for (const listener of [...listeners]) listener(frame);
  const { requestId } = 'requestId' in frame ? frame : { requestId: null };
  if (requestId === null) return;
  const asked = waiting.get(requestId);
  waiting.delete(requestId);
  if (frame.type === 'error') asked?.reject(new ConnectionError(frame.code, frame.message));
  else asked?.resolve(frame);
}

function welcome({ version, model }: Extract<ServerFrame, { type: 'welcome' }>): void {
  attempt = 0;
  server.value = { version, model };
  connection.value = { is: 'connected' };
  for (const work of [...openers]) work();
}

function lost(): void {
  socket = undefined;
  connection.value = { is: 'connecting' };
  const failed = [...waiting.values()];
  waiting.clear();
  for (const { reject } of failed) reject(new ConnectionError('closed', 'The connection was lost.'));
  retry();
}

const MAX_WAIT_SECONDS = 15;

function retry(): void {
  countDown(Math.min(2 ** attempt++, MAX_WAIT_SECONDS));
}

function countDown(seconds: number): void {
  if (seconds <= 0) return void connect();
  connection.value = { is: 'waiting', seconds };
  timer = setTimeout(() => countDown(seconds - 1), 1000);
}
