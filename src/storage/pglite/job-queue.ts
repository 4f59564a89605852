import type { CommitJob, Job } from './messages.ts';

/** More than this in one transaction would make the first of them wait longer than its own flush takes. */
const MAX_GROUP = 64;

/** What waits for the database, in the order of arrival. */
export interface JobQueue {
  add(jobs: readonly Job[]): void;
  /**
   * Takes out what is to be done next: one job, or all units that wait, which are written together. While a
   * transaction is open only its own jobs are taken. Undefined where there is nothing to do.
   */
  next(openTransaction: number | undefined): Work | undefined;
  isEmpty(): boolean;
}

export type Work =
  | { readonly type: 'group'; readonly jobs: readonly CommitJob[] }
  | Exclude<Job, { type: 'commit' }>;

export function createJobQueue(): JobQueue {
  let waiting: Job[] = [];

  function takeUnits(): Work {
    const group: CommitJob[] = [];
    const rest: Job[] = [];
    for (const [place, job] of waiting.entries()) {
      if (group.length === MAX_GROUP || changesHands(job)) {
        rest.push(...waiting.slice(place));
        break;
      }
      if (job.type === 'commit') group.push(job);
      else rest.push(job);
    }
    waiting = rest;
    return { type: 'group', jobs: group };
  }

  return {
    add(jobs) {
      waiting.push(...jobs);
    },
    next(openTransaction) {
      const place =
        openTransaction === undefined ? 0 : waiting.findIndex((job) => belongsTo(job, openTransaction));
      const job = waiting[place];
      if (job === undefined) return undefined;
      if (job.type === 'commit') return takeUnits();
      waiting.splice(place, 1);
      return job;
    },
    isEmpty: () => waiting.length === 0,
  };
}

/** Units may overtake queries, which wait on nothing, but not a transaction that came first. */
const changesHands = (job: Job): boolean => job.type === 'begin' || job.type === 'close';

function belongsTo(job: Job, transaction: number): boolean {
  return 'transaction' in job && job.transaction === transaction;
}
