import { url as debuggerUrl } from 'node:inspector';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import { type Blackboard, createBlackboard, RunningActor, SLOT } from './blackboard.ts';
import { THREAD_SOURCE } from './thread.ts';

/** The main thread's event loop was blocked. */
export interface BlockedReport {
  readonly type: 'blocked';
  /** At least; the loop is felt every `BEAT_MS`. */
  readonly blockedMs: number;
  /** Path of the actor that was at work; undefined for code outside of any, such as a timer's or a socket's. */
  readonly actor: string | undefined;
  /** Where the main thread was while it was blocked, innermost first; empty where it could not be read in time. */
  readonly stack: readonly string[];
}

export interface WatchdogOptions {
  /** How long the loop may be blocked without a word; 250 ms or more. */
  readonly reportAfterMs: number;
  /** Called once the loop is free again. */
  readonly onBlocked: (report: BlockedReport) => void;
  /** The watchdog has failed; the loop is not watched any more. */
  readonly onError: (error: Error) => void;
}

/** Ends the process with SIGKILL where the loop stays blocked, as nothing that runs on it could. */
export interface KillOptions {
  readonly afterMs: number;
  /** What follows, for whoever reads standard error. */
  readonly lastWords: string;
  /** Also gets the last words, with actor and stack, as one line of JSON. */
  readonly logFile?: string | undefined;
  /**
   * Started before the end, apart from this process, with its environment, folder and standard streams. Its
   * descriptor 3 comes to its end when this process is gone: it must wait for that. Where it cannot be started this
   * process is left as it is.
   */
  readonly replacement?: { readonly command: string; readonly args: readonly string[] } | undefined;
}

export interface Watchdog {
  /** To be told which actor begins its work, and `undefined` when it has done it. Costs some 10 ns. */
  readonly running: (path: string | undefined) => void;
  /** What follows where the loop stays blocked, from now on. Until it is told, nothing but a report does. */
  arm(kill: KillOptions): void;
  stop(): Promise<void>;
}

/** What the thread is given. */
export interface ThreadInput {
  readonly board: Blackboard;
  readonly slot: typeof SLOT;
  readonly everyMs: number;
  readonly reportAfterMs: number;
}

/** Felt no faster than that, so that an idle process stays idle. */
const BEAT_MS = 100;

/** A thread of Node needs 5 MB before it does anything; the rest is for reading the stack of a large program. */
const HEAP_MB = 16;
const YOUNG_GENERATION_MB = 1;

/** Begins to watch the event loop of the main thread, from a thread of its own. Neither keeps the process alive. */
export function startWatchdog({ reportAfterMs, onBlocked, onError }: WatchdogOptions): Watchdog {
  const board = createBlackboard();
  const input: ThreadInput = { board, slot: SLOT, everyMs: BEAT_MS, reportAfterMs };
  const worker = new Worker(THREAD_SOURCE, {
    eval: true,
    name: 'watchdog',
    workerData: input,
    // A replacement gets the environment as it is by then.
    env: SHARE_ENV,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  worker.on('message', onBlocked);
  worker.on('error', onError);
  worker.unref();
  const stopBeating = beat(board);
  return {
    running: new RunningActor(board).set,
    arm: (kill) => worker.postMessage(kill),
    async stop() {
      stopBeating();
      await worker.terminate();
    },
  };
}

function beat({ numbers }: Blackboard): () => void {
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const late = now - last - BEAT_MS;
    last = now;
    if (late > Atomics.load(numbers, SLOT.late)) Atomics.store(numbers, SLOT.late, late);
    Atomics.store(numbers, SLOT.excused, debuggerUrl() === undefined ? 0 : 1);
    Atomics.add(numbers, SLOT.beats, 1);
  }, BEAT_MS);
  timer.unref();
  return () => clearInterval(timer);
}
