import type { Origin } from './journal.ts';
import type { JobLimits } from './work.ts';

/** Routines: what is done when its time has come, or when something has happened. */
export interface Routine {
  readonly id: string;
  /** Unique; what people and models call it. */
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly trigger: RoutineTrigger;
  readonly action: RoutineAction;
  readonly guardrails: RoutineGuardrails;
  readonly notify: RoutineNotify;
  /** Where it was made, and where its results are told; null: in the user's latest conversation. */
  readonly conversationId: string | null;
  /** Only what a `user` wrote counts as a wish of the user's. */
  readonly by: 'user' | 'model';
  readonly origins: readonly Origin[];
  /** ISO 8601, as all times. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type RoutineTrigger =
  /** Of five fields, six (with seconds first) or seven (with years last), or `@daily` and its like. */
  | { readonly kind: 'cron'; readonly schedule: string; readonly timezone: string }
  /** A message of the user's that fits. `pattern` is RE2. */
  | { readonly kind: 'event'; readonly pattern: string; readonly channel: string | null }
  /** Emitted by `event_emit`, by a webhook of a tool, or by the assistant itself (source `ironbark`). */
  | {
      readonly kind: 'system_event';
      readonly source: string;
      readonly eventType: string;
      /** Each must be in the event's payload, whatever the case of letters. */
      readonly filters: Readonly<Record<string, string>>;
    }
  /** `POST /api/webhooks/<path>`; `secret` is the name of a secret. */
  | {
      readonly kind: 'webhook';
      readonly path: string;
      readonly secret: string;
      readonly proof: 'secret' | 'hmac';
    }
  | { readonly kind: 'manual' };

export type RoutineAction =
  | {
      readonly kind: 'lightweight';
      readonly prompt: string;
      /** Documents of memory that are told with it. */
      readonly contextPaths: readonly string[];
      readonly maxTokens: number;
      readonly useTools: boolean;
      readonly maxToolRounds: number;
    }
  | {
      readonly kind: 'full_job';
      readonly title: string;
      readonly description: string;
      readonly limits: JobLimits;
      readonly tools: readonly string[] | null;
    };

export interface RoutineGuardrails {
  /** From one start to the next, for whatever triggers it except a person. */
  readonly cooldownSeconds: number;
  /** What becomes of a start while one runs. */
  readonly runMode: 'single' | 'restart' | 'queued' | 'parallel';
  readonly maxConcurrent: number;
  /** An event with the same content within so long is the same event; 0: never. */
  readonly dedupSeconds: number;
  /** What becomes of due times that passed while nothing ran. */
  readonly catchUp: 'skip' | 'once' | 'all';
  /** A start is put off by up to so much, always the same for one due time. */
  readonly jitterSeconds: number;
  /** Failures in a row after which it is switched off; 0: never. */
  readonly disableAfter: number;
  /** Of one run, all in all. */
  readonly timeoutMinutes: number;
  /** What its runs of one day of the user's may cost, all in all: millionths of a US dollar; 0: no limit. */
  readonly dayMicroUsd: number;
}

export interface RoutineNotify {
  readonly onSuccess: boolean;
  readonly onAttention: boolean;
  readonly onFailure: boolean;
}

/** What is known of a routine beside its definition. */
export interface RoutineStatus extends Routine {
  readonly triggerSummary: string;
  readonly actionSummary: string;
  /** The next five times; empty where its trigger is no schedule or it is off. */
  readonly nextTimes: readonly string[];
  readonly lastRunAt: string | null;
  readonly runCount: number;
  readonly consecutiveFailures: number;
  /** Of today's runs, with what is set aside for those under way. */
  readonly spentTodayMicroUsd: number;
  readonly status: 'disabled' | 'running' | 'unverified' | 'failing' | 'attention' | 'active';
  /** Verified: a run since the last change of trigger or action has ended well. */
  readonly verification: 'verified' | 'unverified';
  /** Why it is off, where the assistant switched it off itself. */
  readonly disabledReason: string | null;
}

export type RunStatus = 'queued' | 'running' | 'ok' | 'attention' | 'failed' | 'cancelled';

export interface RoutineRun {
  readonly id: string;
  readonly routineId: string;
  readonly trigger: RoutineTrigger['kind'];
  /** In words: `due 2026-11-23 09:00 Europe/Berlin`, `message "…"`. */
  readonly cause: string;
  readonly dueAt: string | null;
  readonly startedAt: string;
  readonly completedAt: string | null;
  readonly status: RunStatus;
  readonly summary: string | null;
  readonly tokensUsed: number;
  readonly jobId: string | null;
  /** Where what it did can be read, entry by entry. */
  readonly conversationId: string | null;
  /** From the due time to the start, in milliseconds. */
  readonly lateMs: number | null;
}

/** What became of a due time. Each ends as exactly one of these; `claimed` only while its run has not begun yet. */
export type DueState = 'claimed' | 'fired' | 'skipped' | 'missed' | 'coalesced';

export interface DueTime {
  readonly routineId: string;
  readonly dueAt: string;
  readonly state: DueState;
  /** Why it was not fired, in words. */
  readonly reason: string | null;
  readonly runId: string | null;
}

export interface RoutineDraft {
  readonly name: string;
  readonly description: string;
  readonly trigger: RoutineTrigger;
  readonly action: RoutineAction;
  readonly guardrails?: Partial<RoutineGuardrails>;
  readonly notify?: Partial<RoutineNotify>;
  readonly conversationId: string | null;
  readonly by: 'user' | 'model';
  readonly origins: readonly Origin[];
}

/** `by` and `origins` replace what was there: they say whose the words are now, once others have put in theirs. */
export type RoutinePatch = Partial<
  Pick<Routine, 'description' | 'enabled' | 'trigger' | 'action' | 'by' | 'origins'> & {
    readonly guardrails: Partial<RoutineGuardrails>;
    readonly notify: Partial<RoutineNotify>;
  }
>;

export interface SystemEvent {
  readonly source: string;
  readonly eventType: string;
  readonly payload: Readonly<Record<string, string>>;
  readonly origins: readonly Origin[];
  /** The routine whose run emitted it; null: none. A routine is not triggered by what it caused itself. */
  readonly causedBy: readonly string[];
}

export type RoutineAnswer =
  | { readonly ok: true; readonly routine: RoutineStatus; readonly message: string }
  | { readonly ok: false; readonly kind: 'unknown' | 'taken' | 'invalid'; readonly message: string };

export interface RoutineCounts {
  readonly total: number;
  readonly enabled: number;
  readonly disabled: number;
  readonly unverified: number;
  readonly failing: number;
  readonly runsToday: number;
  readonly lateness: Lateness;
}

/** How late scheduled runs of the last 24 hours began; what is made up for does not count. Milliseconds. */
export interface Lateness {
  readonly runs: number;
  /** Half of them, and all but one in a hundred, were no later than this. 0 where there were none. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** A start later than this is told; 0: never. */
  readonly alarmMs: number;
}

/** What a person or a tool does with routines. A routine is named by its id or its name. */
export interface RoutinesDesk {
  /** The same `externalId` again is the same routine. */
  create(draft: RoutineDraft, externalId: string): Promise<RoutineAnswer>;
  update(routine: string, patch: RoutinePatch): Promise<RoutineAnswer>;
  remove(routine: string): Promise<boolean>;
  list(): Promise<readonly RoutineStatus[]>;
  counts(): Promise<RoutineCounts>;
  get(routine: string): Promise<RoutineStatus | undefined>;
  /** Starts it now. The same `externalId` again is the same run. */
  fire(
    routine: string,
    externalId: string,
  ): Promise<
    { readonly ok: true; readonly run: RoutineRun } | { readonly ok: false; readonly message: string }
  >;
  runs(routine: string, limit: number): Promise<readonly RoutineRun[]>;
  /** The latest due times and what became of them, newest first. */
  dueTimes(routine: string, limit: number): Promise<readonly DueTime[]>;
  /** Tells every routine that waits for it. Resolves with how many were started. The same id again is the same event. */
  emit(event: SystemEvent, externalId: string): Promise<number>;
  /** Enabled routines with a webhook at this path. */
  atWebhook(path: string): Promise<Routine | undefined>;
  /** A webhook was called, and proved that it may. The same `externalId` again is the same call. */
  webhook(
    routine: string,
    call: { readonly body: string; readonly origins: readonly Origin[] },
    externalId: string,
  ): Promise<
    { readonly ok: true; readonly run: RoutineRun } | { readonly ok: false; readonly message: string }
  >;
  /** Why a schedule is not possible or what is odd about it, and its next times. Never rejects. */
  explain(
    schedule: string,
    timezone: string,
  ):
    | { readonly ok: true; readonly nextTimes: readonly string[]; readonly remark: string | null }
    | { readonly ok: false; readonly message: string };
}
