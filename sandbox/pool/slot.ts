import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Artefact } from '../artefact.ts';
import { createFrameReader, encodeFrame, type Frame } from '../slot/frame.ts';
import { KIND } from '../slot/guest/kinds.ts';
import { type GuestCall, type GuestOutcome, NO_REPORT } from './call.ts';
import { createSlotCalls } from './slot-calls.ts';
import { type SlotProcessOptions, startSlotProcess } from './slot-process.ts';

export type SlotState = 'starting' | 'idle' | 'computing' | 'waiting' | 'ended';

export interface SlotEnd {
  /** It was killed for a deadline, or closed or killed by its owner. */
  readonly expected: boolean;
  /** For the operator's log. */
  readonly reason: string;
  /** The hash of the component that computed past its deadline, where that was why. */
  readonly culprit?: string;
}

/**
 * One child process in which components run. It never restarts by itself: its owner sees it end and starts the next.
 * Nothing that it says is believed unchecked; a message that no slot of ours would send ends it.
 */
export interface Slot {
  /** 0 where the system gave no process. */
  readonly pid: number;
  /** Rejects where the process ends before it is ready. */
  readonly ready: Promise<void>;
  readonly ended: Promise<SlotEnd>;
  state(): SlotState;
  /** Calls in the process, computing or suspended. */
  calls(): number;
  /** Takes no more calls, and ends with the last that it has. */
  close(): void;
  kill(): void;
  /** Runs a call at once; whether the slot is fit for it is the pool's affair. Never rejects. */
  run(call: GuestCall): Promise<GuestOutcome>;
  hasLoaded(artefact: Artefact): boolean;
  /** When its state or the number of its calls changed. */
  onChange(listener: () => void): void;
}

export type SlotOptions = Partial<SlotProcessOptions> & {
  /** How long the process may take until it is ready. */
  readonly startMs?: number;
};

const MEBIBYTE = 1024 * 1024;

/** What a slot may send: the most that a guest may hand over, and a header that is read in a few milliseconds. */
const LIMITS = { frame: 16 * MEBIBYTE, header: MEBIBYTE };

/** IronClaw's limit for a guest, 10 MiB, in pages. */
const DEFAULT_MEMORY_PAGES = 160;
const DEFAULT_HEAP_MEBIBYTES = 128;
const DEFAULT_START_MS = 10_000;

export function startSlot({
  memoryPages = DEFAULT_MEMORY_PAGES,
  heapMebibytes = DEFAULT_HEAP_MEBIBYTES,
  startMs = DEFAULT_START_MS,
  ...rest
}: SlotOptions = {}): Slot {
  const { child, toSlot, fromSlot } = startSlotProcess({ memoryPages, heapMebibytes, ...rest });
  const ready = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<SlotEnd>();
  const listeners: (() => void)[] = [];
  let phase: 'starting' | 'running' | 'closing' | 'ended' = 'starting';
  let cause: SlotEnd | undefined;

  const changed = (): void => {
    if (phase === 'closing' && calls.size() === 0) stop({ expected: true, reason: 'closed' });
    for (const listener of listeners) listener();
  };
  const stop = (why: SlotEnd): void => {
    cause ??= why;
    child.kill('SIGKILL');
  };
  const end = (why: SlotEnd): void => {
    if (phase === 'ended') return;
    phase = 'ended';
    clearTimeout(startTimer);
    calls.lose(lossMessage(why));
    ready.reject(new Error(`The sandbox process did not start: ${why.reason}`));
    gone.resolve(why);
    changed();
  };
  const calls = createSlotCalls({
    send: (frame) => write(toSlot, frame),
    onOverrun: ({ componentHash: culprit }) =>
      stop({ expected: true, reason: 'a component computed past its deadline', culprit }),
    onSilence: () => stop({ expected: false, reason: 'the process stopped answering' }),
    onChange: changed,
  });
  const begin = (): string | undefined => {
    if (phase !== 'starting') return 'that it is ready, again';
    phase = 'running';
    clearTimeout(startTimer);
    ready.resolve();
    changed();
    return undefined;
  };
  const fail = (fault: string): void => stop({ expected: false, reason: `the process sent ${fault}` });
  const receive = (frame: Frame): void => {
    if (cause) return;
    const fault = frame.kind === KIND.ready ? begin() : calls.receive(frame);
    if (fault) fail(fault);
  };
  const startTimer = setTimeout(
    () => stop({ expected: false, reason: `not ready in ${startMs} ms` }),
    startMs,
  );

  const reader = createFrameReader(LIMITS, receive);
  fromSlot.on('data', (chunk) => {
    const fault = typeof chunk === 'string' ? undefined : reader.push(chunk);
    if (fault) fail(fault);
  });
  const lastWords = listenToErrors(child);
  child.on('error', ({ message }) => end(cause ?? { expected: false, reason: message }));
  child.on('exit', (code, signal) => {
    const reason = `it ended with ${signal ?? `code ${code}`} ${lastWords()}`.trim();
    end(cause ?? { expected: false, reason });
  });
  ready.promise.catch(() => {});
  return {
    pid: child.pid ?? 0,
    ready: ready.promise,
    ended: gone.promise,
    state: () => {
      if (phase === 'ended' || cause) return 'ended';
      if (phase === 'starting') return 'starting';
      if (calls.isComputing()) return 'computing';
      return calls.size() > 0 ? 'waiting' : 'idle';
    },
    calls: calls.size,
    close() {
      if (phase === 'ended') return;
      phase = 'closing';
      changed();
    },
    kill: () => stop({ expected: true, reason: 'killed by its owner' }),
    run(call) {
      if (phase === 'running' && !cause) return calls.run(call);
      return Promise.resolve({
        kind: 'unavailable',
        message: 'This sandbox process takes no calls.',
        ...NO_REPORT,
      });
    },
    hasLoaded: calls.hasLoaded,
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}

const lossMessage = ({ culprit }: SlotEnd): string =>
  culprit
    ? 'The sandbox was restarted because another call in it computed past its deadline.'
    : 'The sandbox process ended while the call ran in it.';

/** One system call for each frame: pieces that are written while the socket is corked go out together. */
function write(socket: Socket, frame: Frame): void {
  const pieces = encodeFrame(frame);
  socket.cork();
  for (const piece of pieces) socket.write(piece);
  socket.uncork();
}

const MAX_LAST_WORDS = 1_000;

/** The end of what the process printed: V8 says there why it gave up. */
function listenToErrors({ stderr }: ChildProcess): () => string {
  let text = '';
  stderr?.setEncoding('utf8').on('data', (more: string) => {
    text = (text + more).slice(-MAX_LAST_WORDS);
  });
  return () => text;
}
