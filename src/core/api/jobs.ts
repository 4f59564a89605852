import { z } from 'zod';
import type { JsonObject } from '../json.ts';
import { count, flag, id, moment, opaque, text } from './fields.ts';

const states = [
  'pending',
  'in_progress',
  'completed',
  'submitted',
  'accepted',
  'failed',
  'stuck',
  'cancelled',
] as const;
const modes = ['local', 'worker', 'claude_code', 'acp'] as const;
const priorities = ['interactive', 'job', 'routine', 'maintenance'] as const;

export const JobInfo = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(states),
  user_id: z.string(),
  priority: z.enum(priorities),
  job_kind: z.enum(['task', 'tool', 'background']),
  job_mode: z.enum(modes),
  created_at: moment,
  started_at: moment.exactOptional(),
  completed_at: moment.exactOptional(),
  /** Since it was started, until it ended. */
  elapsed_secs: z.number().exactOptional(),
  /** While it waits: how many are before it. */
  ahead: z.number().exactOptional(),
  parent_id: z.string().exactOptional(),
  /** Who ordered it; `source_id`: the conversation, the job or the routine that it came from, where it came from one. */
  source: z.enum(['user', 'assistant', 'job', 'routine']),
  source_id: z.string().exactOptional(),
  cost_usd: z.number(),
  /** Whose words, other than the user's, had a hand in the order. */
  origins: z.array(z.string()).readonly(),
});

const transition = z.object({
  from: z.enum(states).exactOptional(),
  to: z.enum(states),
  timestamp: moment,
  reason: z.string().exactOptional(),
});

export const JobDetailReply = JobInfo.extend({
  description: z.string(),
  /** Below the files folder, unless it begins with a slash. */
  project_dir: z.string(),
  /** The page of the job. */
  browse_url: z.string(),
  /** The thread in which it works, where its questions are answered. */
  thread_id: z.string(),
  result: z.string().exactOptional(),
  transitions: z.array(transition),
  attempts: z.number(),
  tokens_used: z.number(),
  limits: z.object({
    max_iterations: z.number(),
    max_tokens: z.number().nullable(),
    budget_usd: z.number().nullable(),
    max_minutes: z.number().nullable(),
  }),
  children: z.array(JobInfo),
  can_restart: z.boolean(),
  can_prompt: z.boolean(),
  can_cancel: z.boolean(),
  /** Its result can be accepted or sent back. */
  can_judge: z.boolean(),
});

export const JobsQuery = z.object({
  filter: z.enum(['all', 'active', 'completed', 'failed']).default('all'),
  limit: count(100, 500),
  parent_id: id.exactOptional().describe('Only the parts of this job.'),
});
/** Newest first. */
export const JobsReply = z.object({ jobs: z.array(JobInfo) });

export const JobsSummaryReply = z.object({
  total: z.number(),
  pending: z.number(),
  in_progress: z.number(),
  completed: z.number(),
  failed: z.number(),
  stuck: z.number(),
  cancelled: z.number(),
});

/** An id, or the beginning of one. */
export const JobParams = z.object({ id });

const requestId = id
  .exactOptional()
  .describe('The same again is the same request, so that it can be repeated after a lost answer.');

export const JobBody = z.object({
  title: text.pipe(z.string().trim().min(1).max(200)),
  /** All that it is told; the title, where there is none. */
  description: text.pipe(z.string().max(100_000)).default(''),
  mode: z.enum(modes).default('local'),
  /** Of the modes `acp`. */
  agent_name: text.default(''),
  priority: z.enum(priorities).default('job'),
  /** Below the files folder; empty: a folder of its own. */
  project_dir: text.default(''),
  max_iterations: z.int().min(1).max(500).default(50),
  max_minutes: z.number().positive().max(1_440).nullable().default(null),
  budget_usd: z.number().positive().nullable().default(null),
  /** Names of secrets, and the variable each is given as; containers only. */
  credentials: z.record(z.string(), z.string()).default({}),
  request_id: requestId,
});

const reason = text.pipe(z.string().max(2_000)).exactOptional();
export const JobActionBody = z.object({ reason, request_id: requestId }).prefault({});
export const JobPromptBody = z.object({
  content: text.pipe(z.string().trim().min(1).max(100_000)),
  /** Nothing more will be said to it. */
  done: z.boolean().default(false),
  request_id: requestId,
});
export const JobActionReply = z.object({ job: JobInfo, message: z.string() });

/** The gateway hangs up on a connection that is silent for 30 s. */
const LONGEST_WAIT_SECONDS = 25;

export const JobEventsQuery = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: count(100, 1_000),
  latest: flag.describe('The last ones instead of the first.'),
  wait_seconds: z.coerce
    .number()
    .min(0)
    .transform((seconds) => Math.min(seconds, LONGEST_WAIT_SECONDS))
    .pipe(z.number())
    .default(0)
    .describe('So long, 25 at most, an answer without events may wait for one, or for the end of the job.'),
});
export const JobEventInfo = z.object({
  /** A cursor within the job. */
  seq: z.number(),
  at: moment,
  type: z.enum(['message', 'reasoning', 'tool_use', 'tool_result', 'status', 'result']),
  data: opaque<JsonObject>(),
});
/** What the container of a job takes at a moment. */
export const JobUsageInfo = z.object({
  at: moment,
  memory_bytes: z.number(),
  memory_limit_bytes: z.number(),
  /** Of one core: 150 is one and a half. */
  cpu_percent: z.number(),
  processes: z.number(),
  process_limit: z.number().exactOptional(),
  /** From and to disks, since the container began. Absent where that is not counted. */
  read_bytes: z.number().exactOptional(),
  written_bytes: z.number().exactOptional(),
});
/** Oldest first. */
export const JobEventsReply = z.object({
  events: z.array(JobEventInfo),
  /** The latest of what its container took while the answer waited. */
  usage: JobUsageInfo.exactOptional(),
  state: z.enum(states),
  /** Nothing more will come. */
  ended: z.boolean(),
});

const path = z.string().max(1_000);
export const JobFilesQuery = z.object({ path: path.default('') });
export const JobFileQuery = z.object({ path: path.min(1) });
export const JobFilesReply = z.object({
  path: z.string(),
  entries: z.array(z.object({ name: z.string(), path: z.string(), is_dir: z.boolean(), bytes: z.number() })),
});
export const JobFileReply = z.object({ path: z.string(), content: z.string() });

export type JobInfo = z.infer<typeof JobInfo>;
export type JobDetailReply = z.infer<typeof JobDetailReply>;
export type JobsReply = z.infer<typeof JobsReply>;
export type JobsSummaryReply = z.infer<typeof JobsSummaryReply>;
export type JobActionReply = z.infer<typeof JobActionReply>;
export type JobEventInfo = z.infer<typeof JobEventInfo>;
export type JobUsageInfo = z.infer<typeof JobUsageInfo>;
export type JobEventsReply = z.infer<typeof JobEventsReply>;
export type JobFilesReply = z.infer<typeof JobFilesReply>;
export type JobFileReply = z.infer<typeof JobFileReply>;
