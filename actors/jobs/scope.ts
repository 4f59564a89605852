import { join } from 'node:path';
import { isResting, type WorkEnd } from '../../machines/job.ts';
import type { JobState } from '../../src/core/work.ts';
import type { Entry } from '../../src/runtime/durable/index.ts';
import { isQuiet, type Job, type JobMoved, summaryOf } from '../../src/work/index.ts';
import type { Environment } from '../environment.ts';
import { type JobRunner, type RunningJob, runnerNameOf } from './runner.ts';

/** What the journal of a job records. */
export type JobRecord =
  | JobMoved
  /** An accepted message that came when nothing waited for it. */
  | { readonly type: 'input.refused'; readonly inboxId: string; readonly reason: string };

/** What a job has at hand: its row, and the world outside. */
export class JobScope {
  readonly env: Environment;
  #job: Job;
  #stopping = new AbortController();
  /** What the work ended with, in the step that takes it in. */
  ending: WorkEnd | undefined;
  /** The job ends without its work. */
  isStopped = false;

  constructor(env: Environment, job: Job) {
    this.env = env;
    this.#job = job;
  }

  /** As its row is after the last commit. */
  get job(): Job {
    return this.#job;
  }

  /** Now, ISO 8601. */
  get at(): string {
    return new Date(this.env.clock.now()).toISOString();
  }

  get runner(): JobRunner | undefined {
    return this.env.runners.get(runnerNameOf(this.#job.work));
  }

  running(): RunningJob {
    return runningJob(this.env, this.#job);
  }

  /** Aborted where the work is not wanted any more, with `cancelled` or `stuck` as reason. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  begins(orderId: string): void {
    this.#job = { ...this.#job, orderId };
  }

  /** Lets everybody know who may know it now. */
  committed(entries: readonly Entry<JobRecord>[]): void {
    const { feed, hints } = this.env;
    const before = this.#job.state;
    for (const entry of entries) if (entry.type === 'job.moved') this.#moved(entry.to, entry.at);
    const { state } = this.#job;
    if (state === before) return;
    this.ending = undefined;
    if (state === 'inProgress') this.#stopping = new AbortController();
    else this.#stopping.abort(state === 'stuck' ? 'stuck' : 'cancelled');
    feed.publishWork({ type: 'job', job: summaryOf(this.#job) });
    if (NEWS.has(state) && !isQuiet(this.#job)) hints.notificationWritten();
    if (this.isStopped) void this.#tellStopped();
  }

  async #tellStopped(): Promise<void> {
    try {
      await this.runner?.stopped?.(this.running());
    } catch (error) {
      this.env.log.warn({ job: this.#job.id, err: error }, 'work of a job not stopped at once');
    }
  }

  #moved(to: JobState, at: string): void {
    const { startedAt, completedAt } = this.#job;
    this.#job = {
      ...this.#job,
      state: to,
      startedAt: to === 'inProgress' ? (startedAt ?? at) : startedAt,
      completedAt: isResting(to) && to !== 'pending' ? (completedAt ?? at) : completedAt,
    };
  }
}

/** States that the user is told of. */
const NEWS: ReadonlySet<JobState> = new Set<JobState>(['submitted', 'failed', 'stuck']);

export const runningJob = ({ files }: Environment, job: Job): RunningJob => ({
  ...job,
  folder: join(files.root, job.projectDir),
});

/** Registered name of the actor of a job. */
export const jobName = (id: string): string => `job:${id}`;
