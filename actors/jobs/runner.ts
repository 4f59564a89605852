import type { WorkEffect, WorkEnd } from '../../machines/job.ts';
import type { Origin } from '../../src/core/journal.ts';
import type { JobOrder, JobWork } from '../../src/core/work.ts';
import type { System } from '../../src/runtime/index.ts';
import type { Statement } from '../../src/storage/index.ts';
import type { Job } from '../../src/work/index.ts';

/** What carries out one kind of work. The job's statechart calls it, and decides what its end means. */
export interface JobRunner {
  /** Why this order cannot be carried out here, for whoever gives it; undefined: it can. */
  refusal?(order: JobOrder): Promise<string | undefined>;
  /** Rows that belong into the commit with which the work begins. Nothing else may happen before it. */
  rows?(job: RunningJob): readonly Statement[];
  /**
   * Does the work, or waits for it where it is under way: after a crash it is called again with the same `effectId`,
   * and after the job was stuck with another one. Where the work may have happened and must not be repeated,
   * `class` says so.
   *
   * @param signal aborted with the reason `cancelled` or `stuck` where the work is not wanted any more (or not like
   *   this); with any other where the process or the tree stops: what runs elsewhere then goes on, and is met again
   * @returns how it ended. Rejects only for bugs and trouble that another try may end; what it says then is ignored
   */
  run(job: RunningJob, effectId: string, signal: AbortSignal): Promise<JobEnd>;
  /** What becomes of `run` where the process died during it; default `idempotent`: it is called again. */
  effectOf?(work: JobWork): WorkEffect;
  /** Says something to the work that runs. Resolves when it is on disk. Absent: it cannot be talked to. */
  prompt?(job: RunningJob, said: JobPrompt): Promise<void>;
  /** Sees to it that stuck work can go on, for example by restarting what hangs; `run` is called after it. */
  repair?(job: RunningJob, system: System): Promise<void>;
  /** Rows that stop the work, for the commit with which the job ends without it. `signal` is aborted after that. */
  stopRows?(job: RunningJob): readonly Statement[];
  /** Told after that commit, so that what it wrote is acted on at once. */
  stopped?(job: RunningJob): Promise<void>;
}

/** A job with the place where it works. */
export interface RunningJob extends Job {
  /** Absolute; made before the work of a task begins. */
  readonly folder: string;
}

/** `done`: nothing more will be said. `origin`: whose words these are, where they are not the user's. */
export interface JobPrompt {
  readonly content: string;
  readonly done: boolean;
  readonly origin: Origin | undefined;
  readonly externalId: string;
}

/** `text`: the last words of the work, or why it failed. `origins`: whose words, other than the user's, it holds. */
export interface JobEnd extends WorkEnd {
  /** Committed together with the end. */
  readonly writes?: readonly Statement[];
}

/** Named as the mode of a task, or as the kind of other work. */
export type RunnerName = 'local' | 'worker' | 'claude_code' | 'acp' | 'tool' | 'background';

export type JobRunners = ReadonlyMap<RunnerName, JobRunner>;

export const runnerNameOf = (work: JobWork): RunnerName => (work.kind === 'task' ? work.mode : work.kind);

/** The end of work that could not be done. */
export const failedEnd = (text: string): JobEnd => ({
  outcome: 'failed',
  text,
  origins: [],
  tokens: 0,
  costMicroUsd: 0,
});
