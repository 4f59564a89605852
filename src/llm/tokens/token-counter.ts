import { hash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { tokensAbout } from './estimate.ts';
import type { CountAnswer, CountJob } from './messages.ts';

/**
 * Counts tokens as o200k does, which is OpenAI's tokenizer (see `tokenFactor` for others). A thread of its own does it:
 * it starts with the first text to be counted and ends when nothing was asked for a while, so that who never comes near
 * a model's window never pays for it. Counts are kept by the hash of the text, 10,000 of them (about 1.5 MB), so a
 * conversation that grows has only its new texts counted.
 *
 * Cost on the caller's thread: one hash and one copy of each text, about 1 ms a megabyte.
 */
export interface TokenCounter {
  /**
   * Of each text, in their order. Never rejects: where the thread dies or takes too long, the texts it still had are
   * estimated by their size, and counted another time.
   */
  countTokens(texts: readonly string[]): Promise<readonly number[]>;
  /** Whether the thread is alive. */
  isRunning(): boolean;
}

export interface CounterOptions {
  /** How long the thread stays without work. */
  readonly idleMs?: number;
  /** How long one question may take. */
  readonly patienceMs?: number;
}

const KEPT_COUNTS = 10_000;
const IDLE_MS = 60_000;
/** The thread starts in 0.3 s, and counts in that time what fits into the window of any model. */
const PATIENCE_MS = 5_000;

export function createTokenCounter({
  idleMs = IDLE_MS,
  patienceMs = PATIENCE_MS,
}: CounterOptions = {}): TokenCounter {
  const known = new Map<string, number>();
  let thread: Thread | undefined;
  let rest: NodeJS.Timeout | undefined;

  function running(): Thread {
    clearTimeout(rest);
    if (thread) return thread;
    const started = startThread(() => {
      if (thread === started) thread = undefined;
    });
    thread = started;
    return started;
  }

  async function ask(texts: readonly string[]): Promise<readonly number[] | undefined> {
    const asked = running();
    const counts = await within(patienceMs, asked.count(texts));
    if (counts === undefined) asked.end();
    clearTimeout(rest);
    rest = setTimeout(() => thread?.end(), idleMs).unref();
    return counts;
  }

  function keep(key: string, count: number): void {
    known.delete(key);
    known.set(key, count);
    for (const oldest of known.keys()) {
      if (known.size <= KEPT_COUNTS) return;
      known.delete(oldest);
    }
  }

  return {
    isRunning: () => thread !== undefined,
    async countTokens(texts) {
      const keys = texts.map((text) => hash('sha1', text, 'base64'));
      const missing = new Map(keys.flatMap((key, at) => (known.has(key) ? [] : [[key, texts[at] ?? '']])));
      const counted = missing.size === 0 ? [] : await ask([...missing.values()]);
      const fresh = new Map([...missing.keys()].map((key, at) => [key, counted?.[at]]));
      return keys.map((key, at) => {
        const count = fresh.get(key) ?? known.get(key);
        if (count === undefined) return tokensAbout(Buffer.byteLength(texts[at] ?? ''));
        keep(key, count);
        return count;
      });
    },
  };
}

interface Thread {
  /** Undefined where the thread ended before it had counted. */
  count(texts: readonly string[]): Promise<readonly number[] | undefined>;
  end(): void;
}

function startThread(ended: () => void): Thread {
  const worker = new Worker(threadFile(), { name: 'token-counter', resourceLimits: LIMITS });
  const waiting = new Map<number, (counts: readonly number[] | undefined) => void>();
  let lastId = 0;

  function stop(): void {
    ended();
    for (const resolve of waiting.values()) resolve(undefined);
    waiting.clear();
  }

  // Nobody waits for its end: a process that has nothing else to do may exit.
  worker.unref();
  worker.on('message', ({ id, counts }: CountAnswer) => {
    waiting.get(id)?.(counts);
    waiting.delete(id);
  });
  worker.on('error', stop);
  worker.on('exit', stop);

  return {
    count: (texts) =>
      new Promise((resolve) => {
        const job: CountJob = { id: ++lastId, texts };
        waiting.set(job.id, resolve);
        worker.postMessage(job);
      }),
    end() {
      stop();
      worker.terminate().catch(() => {});
    },
  };
}

/** What it reads is garbage at once; left alone, V8 would give it ever more room. */
const LIMITS = { maxYoungGenerationSizeMb: 4 };

async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), milliseconds);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** The compiler rewrites import specifiers but not this one, so it goes by this module's own name. */
function threadFile(): URL {
  return new URL(
    import.meta.url.endsWith('.ts') ? './count-thread.ts' : './count-thread.js',
    import.meta.url,
  );
}
