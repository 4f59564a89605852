import type {
  JobBrief,
  ModelLine,
  ModelQuestion,
  WorkCredentials,
  WorkEnd,
  WorkEventPost,
  WorkPrompt,
  WorkStatus,
} from '../core/orchestrator.ts';
import type { Result } from '../core/result.ts';
import type { Refusal } from './refusal.ts';

/** All that the container of one job can ask of the assistant, once it has shown that it is this job's. */
export interface WorkPort {
  brief(): Promise<JobBrief>;
  /**
   * Asks the language model at the expense of the job. Lines go to `tell` as they come; the last one is the answer or
   * why there is none.
   */
  complete(question: ModelQuestion, tell: (line: ModelLine) => void, signal: AbortSignal): Promise<void>;
  status(status: WorkStatus): Promise<void>;
  /** `fresh`: it had not been told before. */
  event(event: WorkEventPost): Promise<{ readonly fresh: boolean }>;
  /** Only the first one counts. */
  end(end: WorkEnd): Promise<{ readonly fresh: boolean }>;
  /** The first thing said after the `after`-th. */
  prompt(after: number): Promise<WorkPrompt | undefined>;
  credentials(): Promise<WorkCredentials>;
}

/** Somebody who wants to speak for a job. */
export interface Visitor {
  readonly jobId: string;
  readonly token: string | undefined;
  /** The job whose socket it came through; undefined: anybody could have sent it. */
  readonly owner: string | undefined;
}

/** Lets in whoever brings the token of the job that they speak for. Whom it refuses, it has noted. */
export type Admit = (visitor: Visitor) => Promise<Result<WorkPort, Refusal>>;
