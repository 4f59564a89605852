import { getCompileCacheDir } from 'node:module';
import { Worker } from 'node:worker_threads';
import { IronbarkError } from '../../core/errors.ts';
import { explain } from '../storage-trouble.ts';
import type { Answer, Job, Report, WorkerInput } from './messages.ts';

/** The main thread's end of the line to the database's thread. */
export interface WorkerLink {
  /** Has a job done. Rejects with `SqlError` or a `storage` error; at once where the thread has ended. */
  ask(makeJob: (id: number) => Job): Promise<Done>;
  /** Finishes what was asked before, closes the database and ends the thread. */
  close(): Promise<void>;
  /** Resolves when the thread has ended: undefined after `close`, else why. */
  readonly ended: Promise<Error | undefined>;
}

export type Done = Extract<Answer, { ok: true }>;

export interface LinkListeners {
  readonly onNotified: (channel: string, payload: string) => void;
  readonly onNotice: (text: string) => void;
}

interface Pending {
  readonly resolve: (answer: Done) => void;
  readonly reject: (reason: Error) => void;
}

/**
 * What passes through the thread is garbage at once. Left alone, V8 gives it ever more room: 90 MB after 60,000
 * commits, without writing any faster.
 */
const YOUNG_GENERATION_MB = 2;

/** Starts the thread and resolves when the database in it is open. */
export async function startWorker(input: WorkerInput, listeners: LinkListeners): Promise<WorkerLink> {
  const worker = new Worker(workerFile(), {
    workerData: input,
    name: 'database',
    env: workerEnv(),
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  const location = input.dataDir;
  const opened = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<Error | undefined>();
  const pending = new Map<number, Pending>();
  let outgoing: Job[] = [];
  let lastId = 0;
  let closing = false;
  let failure: Error | undefined;

  function fail(reason: Error): void {
    failure ??= reason;
    for (const { reject } of pending.values()) reject(failure);
    pending.clear();
  }

  function settle(answer: Answer): void {
    const waiting = pending.get(answer.id);
    pending.delete(answer.id);
    if (answer.ok) waiting?.resolve(answer);
    else waiting?.reject(explain(answer.trouble, location));
  }

  function hear(report: Report): void {
    if (report.type === 'opened') opened.resolve();
    else if (report.type === 'answers') report.answers.forEach(settle);
    else if (report.type === 'notified') listeners.onNotified(report.channel, report.payload);
    else if (report.type === 'notice') listeners.onNotice(report.text);
    else fail(explain(report.trouble, location));
  }

  worker.on('message', hear);
  worker.on('error', (error) => fail(explain(error, location)));
  worker.on('exit', () => {
    const orderly = closing && failure === undefined;
    fail(orderly ? closedError(location) : explain({ message: 'its thread has ended' }, location));
    opened.reject(failure);
    ended.resolve(orderly ? undefined : failure);
  });

  function flush(): void {
    const jobs = outgoing;
    outgoing = [];
    worker.postMessage(jobs);
  }

  /** Jobs of one turn of the event loop travel together, and reach the disk together. */
  function post(job: Job): void {
    if (outgoing.length === 0) setImmediate(flush);
    outgoing.push(job);
  }

  function ask(makeJob: (id: number) => Job): Promise<Done> {
    const job = makeJob(++lastId);
    // A transaction that is open when closing begins may still end; until it does, closing waits.
    const refused = failure ?? (closing && !('transaction' in job) ? closedError(location) : undefined);
    if (refused) return Promise.reject(refused);
    return new Promise((resolve, reject) => {
      pending.set(job.id, { resolve, reject });
      post(job);
    });
  }

  async function close(): Promise<void> {
    if (!closing && !failure) {
      const asked = ask((id) => ({ type: 'close', id }));
      closing = true;
      // Where closing fails, the thread ends all the same and `ended` says why.
      await asked.catch(() => {});
    }
    await ended.promise;
  }

  await opened.promise;
  return { ask, close, ended: ended.promise };
}

/** The compiler rewrites import specifiers but not this one, so it goes by this module's own name. */
function workerFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
}

/** A thread does not share the main thread's compile cache unless told; without it, a checkout needs 20 MB more. */
function workerEnv(): NodeJS.ProcessEnv {
  const cache = getCompileCacheDir();
  return cache === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: cache };
}

function closedError(location: string): IronbarkError {
  return new IronbarkError('storage', `The database at ${location} has been closed.`);
}
