import { getCompileCacheDir } from 'node:module';
import { Worker } from 'node:worker_threads';
import { coerceError } from '../../../core/errors.ts';
import type { Answer, Envelope, Request } from './messages.ts';

/** The main thread's end of the line to the vectors' thread, which is started when it is wanted. */
export interface VectorThread {
  /** Rejects where the request fails or the thread ends over it; the next request starts another. */
  ask(request: Request): Promise<Answer>;
  /** Number of the thread that runs, or would be started; what an earlier one held in memory is gone. */
  generation(): number;
  stop(): Promise<void>;
}

export interface ThreadOptions {
  /** The thread ends when nothing was asked for so long. */
  readonly idleMs: number;
  /** Told when a thread has ended. */
  readonly onEnded: () => void;
}

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: Error) => void;
}

interface Running {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
  timer: NodeJS.Timeout | undefined;
}

/** The model needs 90 MB of V8's heap while it loads; new objects are few. */
const HEAP_MB = 256;
const YOUNG_GENERATION_MB = 4;

export function createVectorThread({ idleMs, onEnded }: ThreadOptions): VectorThread {
  let running: Running | undefined;
  let generation = 1;
  let lastId = 0;

  function start(): Running {
    const worker = new Worker(workerFile(), {
      name: 'vectors',
      env: workerEnv(),
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    const started: Running = { worker, pending: new Map(), timer: undefined };
    worker.unref();
    worker.on('message', ({ id, content }: Envelope<Answer>) => settle(started, id, content));
    worker.on('error', (error: unknown) => leave(started, coerceError(error)));
    worker.on('exit', () => {
      leave(started, new Error('the thread of the vectors has ended'));
      onEnded();
    });
    return started;
  }

  function settle(from: Running, id: number, answer: Answer): void {
    const waiting = from.pending.get(id);
    from.pending.delete(id);
    if (answer.type === 'failed') waiting?.reject(new Error(answer.message));
    else waiting?.resolve(answer);
    if (from.pending.size === 0) rest(from);
  }

  /** What is asked from now on goes to another thread. */
  function leave(left: Running, reason: Error): void {
    clearTimeout(left.timer);
    for (const { reject } of left.pending.values()) reject(reason);
    left.pending.clear();
    if (running !== left) return;
    running = undefined;
    generation++;
  }

  function rest(idle: Running): void {
    idle.worker.unref();
    clearTimeout(idle.timer);
    idle.timer = setTimeout(() => void end(idle), idleMs).unref();
  }

  async function end(ending: Running): Promise<void> {
    leave(ending, new Error('the thread of the vectors was ended'));
    await ending.worker.terminate();
  }

  return {
    ask(request) {
      running ??= start();
      const { worker, pending, timer } = running;
      clearTimeout(timer);
      worker.ref();
      const id = ++lastId;
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject });
        worker.postMessage({ id, content: request } satisfies Envelope<Request>);
      });
    },
    generation: () => generation,
    async stop() {
      if (running) await end(running);
    },
  };
}

/** The compiler rewrites import specifiers but not this one, so it goes by this module's own name. */
function workerFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
}

/** A thread does not share the main thread's compile cache unless told. It needs nothing else, least of all keys. */
function workerEnv(): NodeJS.ProcessEnv {
  const cache = getCompileCacheDir();
  return cache === undefined ? {} : { NODE_COMPILE_CACHE: cache };
}
