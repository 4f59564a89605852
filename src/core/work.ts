import type { Origin } from './journal.ts';
import type { JsonObject } from './json.ts';
import type { RoutineRun } from './routines.ts';

/**
 * Jobs: work that goes on by itself, beside the conversations. Their states are those of the statechart
 * `machines/job.ts`; `completed` and what follows it hold no slot any more.
 */
export type JobState =
  | 'pending'
  | 'inProgress'
  | 'completed'
  | 'submitted'
  | 'accepted'
  | 'failed'
  | 'stuck'
  | 'cancelled';

/** Who is served first where there are fewer slots than jobs. */
export type JobPriority = 'interactive' | 'job' | 'routine' | 'maintenance';

/**
 * What a job does:
 * - `task`: the turn engine works on words, here or in a container;
 * - `tool`: one call of a tool, without a model;
 * - `background`: something of the assistant's own, by the name it is registered under.
 */
export type JobWork =
  | { readonly kind: 'task'; readonly mode: JobMode; readonly agentName?: string }
  | { readonly kind: 'tool'; readonly tool: string; readonly arguments: JsonObject }
  | { readonly kind: 'background'; readonly handler: string; readonly arguments: JsonObject };

/** `local`: in this process. `worker`: our own loop in a container. The others are foreign programs in a container. */
export type JobMode = 'local' | 'worker' | 'claude_code' | 'acp';

/** What a job may use up before it is ended; null: no limit of its own. */
export interface JobLimits {
  readonly iterations: number;
  readonly tokens: number | null;
  readonly budgetMicroUsd: number | null;
  readonly minutes: number | null;
}

export interface JobOrder {
  readonly title: string;
  /** All that it is told. */
  readonly description: string;
  readonly work: JobWork;
  readonly priority: JobPriority;
  /** Below the files folder; null: a folder of its own, `jobs/<id>`. */
  readonly projectDir: string | null;
  readonly limits: JobLimits;
  /** Names of tools that it may use; null: those of whoever ordered it. */
  readonly tools: readonly string[] | null;
  /** Secrets that a container is given, by name, and the variable each is given as. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly by: JobOrigin;
  /** Whose words, other than the user's, had a hand in the order. */
  readonly origins: readonly Origin[];
  /** Whoever orders it waits for its end (`WorkDesk.wait`), and nobody else is told of that. */
  readonly awaited?: true;
}

/** Who ordered a job. Only the words of a `user` count as a wish of the user's. */
export type JobOrigin =
  | { readonly kind: 'user'; readonly conversationId: string | null }
  /** A model, in a turn of this conversation; `jobId` where that turn is itself the work of a job. */
  | {
      readonly kind: 'model';
      readonly conversationId: string;
      readonly turnId: string;
      readonly jobId: string | null;
    }
  /** `day`: of the user's, in which the run began. */
  | { readonly kind: 'routine'; readonly routineId: string; readonly runId: string; readonly day: string };

export interface JobSummary {
  readonly id: string;
  readonly title: string;
  readonly state: JobState;
  readonly userId: string;
  readonly priority: JobPriority;
  readonly work: JobWork['kind'];
  readonly mode: JobMode;
  /** ISO 8601, as all times. */
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  /** Of a pending job: how many are before it. */
  readonly ahead: number | null;
  readonly parentId: string | null;
  readonly by: JobOrigin;
  /** Whose words, other than the user's, had a hand in it, its title among them. */
  readonly origins: readonly Origin[];
  /** What it cost so far; of a running one perhaps a little less than it did. */
  readonly costMicroUsd: number;
}

export interface JobDetail extends JobSummary {
  readonly description: string;
  readonly projectDir: string;
  /** The conversation in which the turn engine works on it, and which can be opened like any other. */
  readonly conversationId: string;
  /** The last words of the work, or why it failed. */
  readonly result: string | null;
  readonly transitions: readonly JobTransition[];
  readonly attempts: number;
  readonly tokensUsed: number;
  readonly limits: JobLimits;
  readonly children: readonly JobSummary[];
  readonly canRestart: boolean;
  readonly canPrompt: boolean;
}

export interface JobTransition {
  readonly from: JobState | null;
  readonly to: JobState;
  readonly at: string;
  readonly reason: string;
}

/** Something that a job did or said. `seq` is a cursor within the job. */
export interface JobEvent {
  readonly seq: number;
  readonly at: string;
  readonly type: 'message' | 'reasoning' | 'tool_use' | 'tool_result' | 'status' | 'result';
  readonly data: JsonObject;
}

export interface JobCounts {
  readonly total: number;
  readonly pending: number;
  readonly inProgress: number;
  readonly completed: number;
  readonly failed: number;
  readonly stuck: number;
  readonly cancelled: number;
}

export type JobFilter = 'all' | 'active' | 'completed' | 'failed';

export interface JobPage {
  readonly filter: JobFilter;
  readonly limit: number;
  /** Only children of this job. */
  readonly parentId?: string;
}

export interface JobFile {
  readonly name: string;
  readonly path: string;
  readonly isDirectory: boolean;
  readonly bytes: number;
}

/** What asking for something to be done with a job came to; `message` is for people. */
export type JobAnswer =
  | { readonly ok: true; readonly job: JobSummary; readonly message: string }
  | { readonly ok: false; readonly kind: 'unknown' | 'ambiguous' | 'refused'; readonly message: string };

export interface PromptedByModel {
  /** Whose words, other than the user's, the model had before it. The job is under their influence from then on. */
  readonly origins: readonly Origin[];
}

/**
 * What a person or a tool does with jobs. `id` is an id or the beginning of one, as long as no other begins like it.
 * Whatever changes something is on disk when its promise resolves, and is acted on whatever happens to the process.
 */
export interface WorkDesk {
  /** The same `externalId` again is the same job. Rejects with kind `usage` where the order cannot be carried out. */
  create(order: JobOrder, externalId: string): Promise<JobSummary>;
  list(page: JobPage): Promise<readonly JobSummary[]>;
  counts(): Promise<JobCounts>;
  get(id: string): Promise<JobDetail | undefined>;
  /** A job that has ended is left as it is, and the answer says how it ended. */
  cancel(id: string, reason: string, externalId: string): Promise<JobAnswer>;
  /** A new job with the same order, of one that failed or was cancelled. */
  restart(id: string, externalId: string): Promise<JobAnswer>;
  /**
   * Says something to a running job; it is seen before its next model call. `done`: nothing more will be said. It
   * counts as the user's words, unless `by` says that they are a model's.
   */
  prompt(
    id: string,
    content: string,
    done: boolean,
    externalId: string,
    by?: PromptedByModel,
  ): Promise<JobAnswer>;
  /** The user takes the result, or sends it back: then the job counts as failed. */
  judge(
    id: string,
    verdict: 'accept' | 'reject',
    reason: string | null,
    externalId: string,
  ): Promise<JobAnswer>;
  /** Oldest first, after the cursor; with `latest`, the last ones. */
  events(
    id: string,
    page: { readonly after?: number; readonly latest?: true; readonly limit: number },
  ): Promise<readonly JobEvent[]>;
  /** What lies in a folder of the job's; undefined where there is no such folder. */
  files(id: string, path: string): Promise<readonly JobFile[] | undefined>;
  /** The text of a file of the job's: 1 MiB at most. */
  readFile(
    id: string,
    path: string,
  ): Promise<
    { readonly ok: true; readonly content: string } | { readonly ok: false; readonly message: string }
  >;
  /**
   * Resolves when all of them have ended, or when the signal is aborted; with what is known then. The user is told of
   * the end of those that have not ended by then.
   *
   * @param waiter id of the job in whose work the waiting is done: it gives way to those that it waits for
   */
  wait(ids: readonly string[], signal: AbortSignal, waiter?: string): Promise<readonly JobDetail[]>;
}

/** Whether nothing more will be done about a job. */
export const hasEnded = (state: JobState): boolean =>
  state === 'completed' ||
  state === 'submitted' ||
  state === 'accepted' ||
  state === 'failed' ||
  state === 'cancelled';

/** What the container of a job takes at a moment: for whoever watches just then, and kept nowhere. */
export interface JobUsage {
  readonly at: string;
  readonly memoryBytes: number;
  readonly memoryLimitBytes: number;
  /** Of one core: 150 is one and a half. */
  readonly cpuPercent: number;
  readonly processes: number;
  /** Null where that is not known. */
  readonly processLimit: number | null;
  /** Read from and written to disks since the container began, in bytes; null where that is not counted. */
  readonly disk: { readonly read: number; readonly written: number } | null;
}

/** A job came into another state, said something, or takes so much; a run of a routine began or ended. */
export type WorkEvent =
  | { readonly type: 'job'; readonly job: JobSummary }
  | { readonly type: 'job-event'; readonly jobId: string; readonly event: JobEvent }
  | { readonly type: 'job-usage'; readonly jobId: string; readonly usage: JobUsage }
  | { readonly type: 'routine-run'; readonly run: RoutineRun };
