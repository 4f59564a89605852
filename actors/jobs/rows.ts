import type { JobEvent, JobRequests, jobMachine, WorkEnd } from '../../machines/job.ts';
import type { NotificationKind } from '../../src/core/notifications.ts';
import type { JobState } from '../../src/core/work.ts';
import { notificationStatement } from '../../src/notifications/index.ts';
import type { Rows, StepView } from '../../src/runtime/durable/index.ts';
import { unitedOrigins } from '../../src/safety/index.ts';
import type { Statement } from '../../src/storage/index.ts';
import { type Job, jobMoved } from '../../src/work/index.ts';
import type { JobRecord, JobScope } from './scope.ts';

/** What the job's declaration is spoken of in; see `DurableTypes`. */
export interface JobTypes {
  readonly requests: JobRequests;
  readonly scope: JobScope;
  readonly record: JobRecord;
  readonly write: Statement;
}

type JobRows = Rows<JobTypes>;
type JobView = StepView<typeof jobMachine, JobTypes>;

/** What an event writes of its own. */
export function rowsOfEvent(event: JobEvent, view: JobView): JobRows {
  const { scope } = view;
  switch (event.type) {
    case 'job.start':
      return { writes: begun(event.orderId, scope) };
    case 'work.ended':
      return ended(event.end, scope);
    case 'work.unknown':
      return ended(UNKNOWN, scope);
    case 'work.stalled':
      return { ended: openWork(view), writes: isGivenUp(view) ? stopped(scope) : [] };
    case 'job.cancel':
    case 'job.abandoned':
      return { writes: stopped(scope) };
    case 'work.repaired':
    case 'job.judge':
    case 'result.read':
      return {};
  }
}

const UNKNOWN: WorkEnd = {
  outcome: 'failed',
  text: 'The process ended while it ran: it may or may not have happened, and was not repeated.',
  origins: [],
  tokens: 0,
  costMicroUsd: 0,
};

function ended(end: WorkEnd, scope: JobScope): JobRows {
  // Written with the step that follows from it.
  scope.ending = end;
  return {};
}

function begun(orderId: string, scope: JobScope): readonly Statement[] {
  scope.begins(orderId);
  return scope.runner?.rows?.(scope.running()) ?? [];
}

function stopped(scope: JobScope): readonly Statement[] {
  if (scope.job.orderId === null) return [];
  scope.isStopped = true;
  return scope.runner?.stopRows?.(scope.running()) ?? [];
}

const isGivenUp = ({ context }: JobView): boolean => context.attempts >= context.maxRepairs;

const openWork = ({ open }: JobView): readonly string[] =>
  [...open].filter(([, { kind }]) => kind === 'runWork').map(([id]) => id);

/** A step from state to state: in the journal, in the row, and to whoever is to be told. */
export function rowsOfMove({ from, to, reason }: JobRequests['move'], view: JobView): JobRows {
  const { context, scope } = view;
  // Then the next step follows at once, in the same commit, and writes the row.
  const isPassedThrough = to === 'completed' && !context.quiet;
  return {
    records: [{ type: 'job.moved', from, to, reason }],
    writes: [
      ...(isPassedThrough ? [] : [moved(to, view)]),
      ...told({ to, reason, times: context.attempts }, scope, context.quiet),
    ],
  };
}

function moved(to: JobState, { context, scope }: JobView): Statement {
  const { id, orderId } = scope.job;
  const step = { to, attempts: context.attempts, orderId, at: scope.at, result: scope.ending };
  return jobMoved(id, step);
}

interface Told {
  readonly to: JobState;
  readonly reason: string;
  /** That it was taken up again. */
  readonly times: number;
}

const KINDS: ReadonlyMap<JobState, NotificationKind> = new Map([
  ['completed', 'job.completed'],
  ['failed', 'job.failed'],
  ['stuck', 'job.stuck'],
]);

/** A result that the user sent back is no news to them. */
function told({ to, reason, times }: Told, scope: JobScope, quiet: boolean): readonly Statement[] {
  const { job, env, ending } = scope;
  const kind = KINDS.get(to);
  const isJudged = job.state === 'completed' || job.state === 'submitted';
  if (kind === undefined || quiet || isJudged) return [];
  const notification = {
    kind,
    key: `job/${job.id}/${to}/${times}`,
    from: `the job "${job.title}"`,
    text: textOf(to, reason, ending),
    conversationId: orderedIn(job),
    origins: unitedOrigins(job.origins, ending?.origins),
  };
  return [notificationStatement(notification, env.clock.now())];
}

/** A notice is not the place for more; the job's page has it in full. */
const LONGEST_RESULT = 1_500;

function textOf(to: JobState, reason: string, ending: WorkEnd | undefined): string {
  if (to === 'stuck') return `Nothing happens in it: ${reason}`;
  if (to === 'failed') return `It failed: ${reason}`;
  const result = ending?.text ?? '';
  const isLong = result.length > LONGEST_RESULT;
  return isLong ? `${result.slice(0, LONGEST_RESULT).toWellFormed()} …` : result || 'It is done.';
}

/** Where what concerns a job is told. */
const orderedIn = ({ by }: Pick<Job, 'by'>): string | null =>
  by.kind === 'routine' ? null : by.conversationId;
