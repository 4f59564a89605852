import type { Origin } from '../core/journal.ts';
import type {
  Routine,
  RoutineAction,
  RoutineGuardrails,
  RoutineNotify,
  RoutineRun,
  RoutineTrigger,
  RunStatus,
} from '../core/routines.ts';
import { guardrailsOf } from './guardrails.ts';

/** A routine as its table has it. */
export type RoutineRow = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly trigger: RoutineTrigger;
  readonly action: RoutineAction;
  /** What was not known when it was written is missing. */
  readonly guardrails: Partial<RoutineGuardrails>;
  readonly notify: RoutineNotify;
  readonly conversation_id: string | null;
  readonly written_by: 'user' | 'model';
  readonly origins: readonly Origin[];
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly armed_at: Date;
  readonly next_due_at: Date | null;
  readonly last_run_at: Date | null;
  readonly last_status: RunStatus | null;
  readonly run_count: number;
  readonly consecutive_failures: number;
  readonly verified: boolean;
  readonly disabled_reason: string | null;
};

export const ROUTINE_COLUMNS = `
  r.id, r.name, r.description, r.enabled, r.trigger, r.action, r.guardrails, r.notify, r.conversation_id, r.written_by,
  r.origins, r.created_at, r.updated_at, r.armed_at, r.next_due_at, r.last_run_at, r.last_status, r.run_count,
  r.consecutive_failures, r.verified, r.disabled_reason`;

export const routineOf = (row: RoutineRow): Routine => ({
  id: row.id,
  name: row.name,
  description: row.description,
  enabled: row.enabled,
  trigger: row.trigger,
  action: row.action,
  guardrails: guardrailsOf(row.trigger.kind, row.guardrails),
  notify: row.notify,
  conversationId: row.conversation_id,
  by: row.written_by,
  origins: row.origins,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

/** A run as its table has it. */
export type RunRow = {
  readonly id: string;
  readonly routine_id: string;
  readonly kind: RoutineTrigger['kind'];
  readonly cause: string;
  readonly due_at: Date | null;
  readonly told: string | null;
  readonly origins: readonly Origin[];
  readonly caused_by: readonly string[];
  readonly queued_at: Date;
  readonly started_at: Date | null;
  readonly completed_at: Date | null;
  readonly status: RunStatus;
  readonly summary: string | null;
  readonly tokens_used: number;
  readonly job_id: string | null;
  readonly conversation_id: string | null;
  readonly late_ms: number | null;
};

export const RUN_COLUMNS = `
  q.id, q.routine_id, q.kind, q.cause, q.due_at, q.told, q.origins, q.caused_by, q.queued_at, q.started_at,
  q.completed_at, q.status, q.summary, q.tokens_used, q.job_id, q.conversation_id, q.late_ms`;

/** One that waits counts as started when it began to wait. */
export const runOf = (row: RunRow): RoutineRun => ({
  id: row.id,
  routineId: row.routine_id,
  trigger: row.kind,
  cause: row.cause,
  dueAt: row.due_at?.toISOString() ?? null,
  startedAt: (row.started_at ?? row.queued_at).toISOString(),
  completedAt: row.completed_at?.toISOString() ?? null,
  status: row.status,
  summary: row.summary,
  tokensUsed: row.tokens_used,
  jobId: row.job_id,
  conversationId: row.conversation_id,
  lateMs: row.late_ms,
});
