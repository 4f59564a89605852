import { z } from 'zod';
import { MAX_TOOL_ROUNDS, WEBHOOK_PATH } from '../routine-actions.ts';
import { count, id, moment, text } from './fields.ts';

const TRIGGER_TYPES = ['cron', 'event', 'system_event', 'webhook', 'manual'] as const;
const RUN_MODES = ['single', 'restart', 'queued', 'parallel'] as const;
const CATCH_UPS = ['skip', 'once', 'all'] as const;

/** 1 to so many characters, on as many lines as it wants. */
const words = (most: number) =>
  text.pipe(z.string().min(1, 'is empty').max(most, `has more than ${most} characters`));
const name = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,100}$/u, 'must be 1 to 100 characters on one line');

export const RoutineTriggerShape = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('cron'),
    schedule: words(200),
    /** Empty: the user's. */
    timezone: text.pipe(z.string().max(100)).default(''),
  }),
  z.object({
    kind: z.literal('event'),
    pattern: words(65_536),
    channel: name.nullable().default(null),
  }),
  z.object({
    kind: z.literal('system_event'),
    source: name,
    event_type: name,
    filters: z.record(name, text).default({}),
  }),
  z.object({
    kind: z.literal('webhook'),
    path: z.string().regex(WEBHOOK_PATH, 'must be 1 to 100 letters, digits and . _ -'),
    /** The name of a secret. */
    secret: name,
    proof: z.enum(['secret', 'hmac']).default('secret'),
  }),
  z.object({ kind: z.literal('manual') }),
]);

export const RoutineActionShape = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('lightweight'),
    prompt: words(32_768),
    context_paths: z.array(words(1_000)).max(20).readonly().exactOptional(),
    max_tokens: z.int().min(256).max(200_000).exactOptional(),
    use_tools: z.boolean().exactOptional(),
    max_tool_rounds: z.int().min(1).max(MAX_TOOL_ROUNDS).exactOptional(),
  }),
  z.object({
    kind: z.literal('full_job'),
    prompt: words(32_768),
    title: name.exactOptional(),
    max_iterations: z.int().min(1).max(500).exactOptional(),
    /** Names of tools that it may use; null: all. */
    tools: z.array(name).max(200).readonly().nullable().exactOptional(),
  }),
]);

const Guardrails = z.object({
  cooldown_secs: z.int().min(0).max(31_536_000),
  run_mode: z.enum(RUN_MODES),
  max_concurrent: z.int().min(1).max(10),
  dedup_secs: z.int().min(0).max(31_536_000),
  catch_up: z.enum(CATCH_UPS),
  jitter_secs: z.int().min(0).max(86_400),
  disable_after: z.int().min(0).max(1_000),
  timeout_minutes: z.int().min(1).max(1_440),
  day_usd: z
    .number()
    .min(0)
    .max(1_000_000)
    .describe('What its runs of one day may cost, all in all, in US dollars; 0: no limit.'),
});
const Notify = z.object({ on_success: z.boolean(), on_attention: z.boolean(), on_failure: z.boolean() });

/** Some of them; the others are as usual, or stay. */
const settings = {
  guardrails: Guardrails.partial().exactOptional(),
  notify: Notify.partial().exactOptional(),
};
const description = text.pipe(z.string().max(2_000));

export const RoutineBody = z.object({
  name,
  description: description.default(''),
  trigger: RoutineTriggerShape,
  action: RoutineActionShape,
  ...settings,
  thread_id: id.nullable().default(null).describe('Where its results are told.'),
  external_id: id.exactOptional().describe("The sender's own: the same id again is the same routine."),
});

export const RoutinePatchBody = z.object({
  description: description.exactOptional(),
  enabled: z.boolean().exactOptional(),
  trigger: RoutineTriggerShape.exactOptional(),
  action: RoutineActionShape.exactOptional(),
  ...settings,
});

export const RoutineParams = z.object({ id: id.describe('An id or a name.') });
export const RoutineToggleBody = z.object({ enabled: z.boolean().exactOptional() }).nullish();
export const RoutineTriggerBody = z.object({ external_id: id.exactOptional() }).nullish();
export const RoutineRunsQuery = z.object({ limit: count(20, 200) });
export const RoutineExplainQuery = z.object({
  schedule: z.string().max(200).default(''),
  timezone: z.string().max(100).default('').describe("Empty: the user's."),
});

const info = {
  id: z.string(),
  name: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  trigger_type: z.enum(TRIGGER_TYPES),
  /** The schedule, the pattern, the source and type of the event, the path. */
  trigger_raw: z.string(),
  trigger_summary: z.string(),
  action_type: z.enum(['lightweight', 'full_job']),
  action_summary: z.string(),
  last_run_at: moment.exactOptional(),
  next_fire_at: moment.exactOptional(),
  run_count: z.number(),
  consecutive_failures: z.number(),
  status: z.enum(['disabled', 'running', 'unverified', 'failing', 'attention', 'active']),
  verification_status: z.enum(['verified', 'unverified']),
  /** Why the assistant switched it off itself. */
  disabled_reason: z.string().exactOptional(),
};
export const RoutineInfo = z.object(info);
export const RoutinesReply = z.object({ routines: z.array(RoutineInfo) });

export const RoutineDetail = z.object({
  ...info,
  trigger: RoutineTriggerShape,
  action: RoutineActionShape,
  guardrails: Guardrails,
  notify: Notify,
  next_times: z.array(moment).readonly(),
  spent_today_usd: z.number(),
  by: z.enum(['user', 'model']),
  /** Whose words, other than the user's, had a hand in it. */
  origins: z.array(z.string()).readonly(),
  thread_id: z.string().exactOptional(),
  created_at: moment,
  updated_at: moment,
});
export const RoutineReply = z.object({ routine: RoutineDetail, message: z.string() });

export const RoutinesSummaryReply = z.object({
  total: z.number(),
  enabled: z.number(),
  disabled: z.number(),
  unverified: z.number(),
  failing: z.number(),
  runs_today: z.number(),
  /** How late scheduled runs of the last 24 hours began, in milliseconds. */
  lateness: z.object({
    runs: z.number(),
    p50_ms: z.number(),
    p99_ms: z.number(),
    max_ms: z.number(),
    /** A start later than this is told; 0: never. */
    alarm_ms: z.number(),
  }),
});

export const RoutineRunInfo = z.object({
  id: z.string(),
  trigger_type: z.enum(TRIGGER_TYPES),
  cause: z.string(),
  due_at: moment.exactOptional(),
  started_at: moment,
  completed_at: moment.exactOptional(),
  status: z.enum(['queued', 'running', 'ok', 'attention', 'failed', 'cancelled']),
  result_summary: z.string().exactOptional(),
  tokens_used: z.number(),
  job_id: z.string().exactOptional(),
  /** Where what it did can be read. */
  thread_id: z.string().exactOptional(),
  /** From the due time to the start. */
  late_ms: z.number().exactOptional(),
});
export const RoutineRunsReply = z.object({ runs: z.array(RoutineRunInfo) });
export const RoutineTriggeredReply = z.object({ run: RoutineRunInfo });

export const RoutineDueReply = z.object({
  due: z.array(
    z.object({
      due_at: moment,
      state: z.enum(['claimed', 'fired', 'skipped', 'missed', 'coalesced']),
      reason: z.string().exactOptional(),
      run_id: z.string().exactOptional(),
    }),
  ),
});

export const RoutineExplainReply = z.object({
  possible: z.boolean(),
  next_times: z.array(moment).readonly(),
  /** What is odd about it, or why it is not possible. */
  remark: z.string().exactOptional(),
});

export const RoutineWebhookParams = z.object({ path: z.string().max(1_000) });
export const RoutineWebhookReply = z.object({ run_id: z.string() });

export type RoutineBody = z.infer<typeof RoutineBody>;
export type RoutinePatchBody = z.infer<typeof RoutinePatchBody>;
export type RoutineInfo = z.infer<typeof RoutineInfo>;
export type RoutineDetail = z.infer<typeof RoutineDetail>;
export type RoutinesReply = z.infer<typeof RoutinesReply>;
export type RoutineReply = z.infer<typeof RoutineReply>;
export type RoutinesSummaryReply = z.infer<typeof RoutinesSummaryReply>;
export type RoutineRunInfo = z.infer<typeof RoutineRunInfo>;
export type RoutineRunsReply = z.infer<typeof RoutineRunsReply>;
export type RoutineTriggeredReply = z.infer<typeof RoutineTriggeredReply>;
export type RoutineDueReply = z.infer<typeof RoutineDueReply>;
export type RoutineExplainReply = z.infer<typeof RoutineExplainReply>;
export type RoutineTriggerShape = z.infer<typeof RoutineTriggerShape>;
export type RoutineActionShape = z.infer<typeof RoutineActionShape>;
