import type { Origin } from '../core/journal.ts';
import type {
  JobDetail,
  JobLimits,
  JobMode,
  JobOrder,
  JobOrigin,
  JobPriority,
  JobState,
  JobSummary,
  JobWork,
} from '../core/work.ts';
import { jobConversationOf } from './job-conversation.ts';

/** A job as its row has it. */
export interface Job {
  readonly id: string;
  readonly userId: string;
  readonly parentId: string | null;
  /** How many jobs stand above it. */
  readonly depth: number;
  readonly title: string;
  readonly description: string;
  readonly work: JobWork;
  readonly priority: JobPriority;
  /** Below the files folder. */
  readonly projectDir: string;
  readonly limits: JobLimits;
  /** Names of tools; null: all. */
  readonly tools: readonly string[] | null;
  /** Secrets by name, and the variable each is given as. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly by: JobOrigin;
  readonly origins: readonly Origin[];
  /** Somebody is there to be asked. */
  readonly mayAsk: boolean;
  /** Whoever ordered it waits for its end. */
  readonly awaited: boolean;
  readonly state: JobState;
  /** Of the message that its order is; null: it has not begun. */
  readonly orderId: string | null;
  /** Times that it was taken up again. */
  readonly attempts: number;
  readonly result: string | null;
  readonly resultOrigins: readonly Origin[];
  readonly tokens: number;
  /** Millionths of a US dollar. */
  readonly costMicroUsd: number;
  /** ISO 8601, as all times. */
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  /** Of a pending job: how many are before it. */
  readonly ahead: number | null;
}

/** The smaller the sooner. */
export const rankOf = (priority: JobPriority): number => RANKS[priority];

const RANKS: Readonly<Record<JobPriority, number>> = { interactive: 0, job: 1, routine: 2, maintenance: 3 };

const modeOf = (work: JobWork): JobMode => (work.kind === 'task' ? work.mode : 'local');

/** Whether its end is told to nobody but to whoever asks: a waiting call, the routine or the job that ordered it. */
export const isQuiet = ({ awaited, by, parentId }: Pick<Job, 'awaited' | 'by' | 'parentId'>): boolean =>
  awaited || by.kind === 'routine' || parentId !== null;

export function summaryOf(job: Job): JobSummary {
  const { id, title, state, userId, priority, work, createdAt, startedAt, completedAt } = job;
  const { ahead, parentId, by, origins, costMicroUsd } = job;
  return {
    id,
    title,
    state,
    userId,
    priority,
    work: work.kind,
    mode: modeOf(work),
    createdAt,
    startedAt,
    completedAt,
    ahead: state === 'pending' ? ahead : null,
    parentId,
    by,
    origins,
    costMicroUsd,
  };
}

/** All that is told of one job beside what others than its row know. */
export function detailOf(
  job: Job,
  known: Pick<JobDetail, 'transitions' | 'children' | 'canPrompt' | 'tokensUsed'>,
): JobDetail {
  const { description, projectDir, result, attempts, limits, state } = job;
  return {
    ...summaryOf(job),
    description,
    projectDir,
    conversationId: jobConversationOf(job.id),
    result,
    origins: [...new Set([...job.origins, ...job.resultOrigins])],
    attempts,
    limits,
    canRestart: state === 'failed' || state === 'cancelled',
    ...known,
  };
}

/** The same order once more; nobody waits for it. */
export function orderOf(job: Job): JobOrder {
  const { title, description, work, priority, projectDir, limits, tools, credentials, by, origins } = job;
  return {
    title,
    description,
    work,
    priority,
    projectDir,
    limits,
    tools,
    credentials,
    by,
    origins,
  };
}
