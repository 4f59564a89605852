import type { Artefact } from '../artefact.ts';
import type { Frame } from '../slot/frame.ts';
import { KIND } from '../slot/guest/kinds.ts';
import { joined, pack, rawParts } from '../slot/guest/values.ts';
import type { GuestCall, GuestOutcome, HostAnswer } from './call.ts';
import { createLibrary } from './library.ts';
import { createLiveCall, type LiveCall } from './live-call.ts';
import { type Question, readDone, readQuestion } from './messages.ts';

export interface SlotCallsPorts {
  readonly send: (frame: Frame) => void;
  /** A call computed past its deadline; only the end of the process stops it. */
  readonly onOverrun: (culprit: Artefact) => void;
  /** The process did not answer although no call of ours kept it from that. */
  readonly onSilence: () => void;
  readonly onChange: () => void;
}

/**
 * The calls of one slot and what the host knows of them. The process takes its messages in order and computes one
 * call at a time, so of those that are not waiting the one that began first is the one that computes.
 */
export interface SlotCalls {
  readonly run: (call: GuestCall) => Promise<GuestOutcome>;
  /** Returns what is wrong with a frame that no slot of ours would send. */
  readonly receive: (frame: Frame) => string | undefined;
  /** The process has ended. */
  readonly lose: (message: string) => void;
  readonly size: () => number;
  readonly isComputing: () => boolean;
  readonly hasLoaded: (artefact: Artefact) => boolean;
}

/** How long a process may take to let go of a call, in milliseconds, while none of its calls computes. */
const LET_GO_MS = 10_000;

/** The most that an answer may have, in bytes; a guest has 10 MiB of memory. */
const MAX_ANSWER = 32 * 1024 * 1024;

const EMPTY = new Uint8Array();

export function createSlotCalls({ send, onOverrun, onSilence, onChange }: SlotCallsPorts): SlotCalls {
  const calls = new Map<number, LiveCall>();
  const computing = new Set<LiveCall>();
  /** Dropped, but the process has not confirmed it yet: what it still says of them is old. */
  const leaving = new Set<number>();
  const stops = new Map<LiveCall, () => void>();
  const library = createLibrary(send);
  let last = 0;

  const run = (call: GuestCall): Promise<GuestOutcome> => {
    const isInUse = (component: number) => [...calls.values()].some((live) => live.component === component);
    const component = library.numberOf(call.artefact, isInUse);
    return new Promise((resolve) => begin(createLiveCall({ number: ++last, component, call }, resolve)));
  };

  const begin = (live: LiveCall): void => {
    const { entry, args, fuel, deadlineMs, signal } = live.call;
    const raw = rawParts();
    const header = JSON.stringify({ entry, fuel, args: pack(args, raw) });
    calls.set(live.number, live);
    computing.add(live);
    const timer = setTimeout(() => overtime(live), deadlineMs);
    const cancel = (): void => cancelCall(live);
    signal.addEventListener('abort', cancel, { once: true });
    stops.set(live, () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    });
    send({ kind: KIND.run, call: live.number, component: live.component, header, raw: joined(raw) });
    onChange();
  };

  const forget = (live: LiveCall): void => {
    calls.delete(live.number);
    computing.delete(live);
    stops.get(live)?.();
    stops.delete(live);
  };

  const overtime = (live: LiveCall): void => {
    const [front] = computing;
    live.settle({ kind: 'deadline' });
    if (live === front) onOverrun(live.call.artefact);
    else abandon(live);
  };

  const cancelCall = (live: LiveCall): void => {
    live.settle({ kind: 'cancelled' });
    if (live.phase === 'computing') live.phase = 'orphaned';
    else if (live.phase === 'waiting') abandon(live);
  };

  const abandon = (live: LiveCall): void => {
    forget(live);
    leaving.add(live.number);
    send({ kind: KIND.drop, call: live.number, component: live.component, header: '', raw: EMPTY });
    awaitLeaving(live.number);
    onChange();
  };

  const awaitLeaving = (number: number): void => {
    const look = (): void => {
      if (!leaving.has(number)) return;
      if (computing.size > 0) awaitLeaving(number);
      else onSilence();
    };
    setTimeout(look, LET_GO_MS).unref();
  };

  const hostAsked = (live: LiveCall, frame: Frame): string | undefined => {
    const question = readQuestion(frame);
    if (live.phase === 'waiting' || !question || !live.note(question.progress)) return 'a malformed question';
    if (live.phase === 'orphaned') {
      abandon(live);
      return undefined;
    }
    live.phase = 'waiting';
    computing.delete(live);
    void resume(live, question);
    onChange();
    return undefined;
  };

  const resume = async (live: LiveCall, question: Question): Promise<void> => {
    const answer = await answerTo(live, question);
    if (calls.get(live.number) !== live) return;
    live.phase = 'computing';
    computing.add(live);
    send({ ...answer, kind: KIND.answer, call: live.number, component: live.component });
    onChange();
  };

  const ended = (live: LiveCall, frame: Frame): string | undefined => {
    const done = readDone(frame);
    if (!done || !live.note(done.progress)) return 'a malformed end of a call';
    forget(live);
    live.settle(done.end);
    onChange();
    return undefined;
  };

  const receive = (frame: Frame): string | undefined => {
    if (frame.kind === KIND.dropped) return leaving.delete(frame.call) ? undefined : 'a call dropped unasked';
    if (leaving.has(frame.call)) return undefined;
    const live = calls.get(frame.call);
    if (!live) return `something about a call that it does not have (${frame.call})`;
    if (frame.kind === KIND.host) return hostAsked(live, frame);
    return frame.kind === KIND.done ? ended(live, frame) : `a frame of unknown kind ${frame.kind}`;
  };

  const lose = (message: string): void => {
    const lost = [...calls.values()];
    lost.forEach(forget);
    for (const live of lost) live.settle({ kind: 'slot-lost', message });
    leaving.clear();
  };

  return {
    run,
    receive,
    lose,
    size: () => calls.size,
    isComputing: () => computing.size > 0,
    hasLoaded: library.has,
  };
}

type AnswerFrame = Pick<Frame, 'header' | 'raw'>;

async function answerTo(live: LiveCall, { name, args }: Question): Promise<AnswerFrame> {
  try {
    return packAnswer(await live.call.host.call(name, args, live.signal()));
  } catch {
    return failure('The host failed to answer.');
  }
}

function packAnswer(answer: HostAnswer): AnswerFrame {
  const raw = rawParts();
  const packed = 'ok' in answer ? { ok: pack(answer.ok, raw) } : { err: pack(answer.err, raw) };
  if (raw.length > MAX_ANSWER) return failure('The host had too much to answer.');
  return { header: JSON.stringify(packed), raw: joined(raw) };
}

const failure = (fail: string): AnswerFrame => ({ header: JSON.stringify({ fail }), raw: EMPTY });
