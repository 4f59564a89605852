import type { JobState, JobTransition } from '../core/work.ts';
import type { Queryable } from '../storage/index.ts';
import { jobKey } from './job-inbox.ts';

/** One step of a job from state to state, as its journal has it. */
export interface JobMoved {
  readonly type: 'job.moved';
  readonly from: JobState;
  readonly to: JobState;
  readonly reason: string;
}

/** As many as are shown; the latest. */
const MOST_SHOWN = 200;

/** The steps of a job, oldest first; the order itself is the first, as long as they are not too many. */
export async function readTransitions(
  database: Queryable,
  job: { readonly id: string; readonly createdAt: string },
): Promise<readonly JobTransition[]> {
  const { rows } = await database.query<MovedRow>(MOVES, [jobKey(job.id), MOST_SHOWN]);
  const moves = rows.reverse().map(({ at, payload }) => ({ ...payload, at: at.toISOString() }));
  const ordered = { from: null, to: 'pending', at: job.createdAt, reason: 'It was ordered.' } as const;
  return moves.length < MOST_SHOWN ? [ordered, ...moves] : moves;
}

interface MovedRow extends Record<string, unknown> {
  readonly at: Date;
  readonly payload: Omit<JobMoved, 'type'>;
}

const MOVES = `
  select at, payload from journal where actor_key = $1::text and type = 'job.moved' order by seq desc limit $2::integer`;
