import { z } from 'zod';
import type { Json } from '../json.ts';
import { id, opaque } from './fields.ts';
import { JobInfo, JobUsageInfo } from './jobs.ts';
import { RoutineRunInfo } from './routines.ts';

/**
 * What happens in threads, as clients of the HTTP API are told of it. Every event says its thread; those that are in the
 * journal also say the entry (`seq`) and when it was made. `stream_chunk` and some `status` are live only.
 */
const common = {
  thread_id: z.string(),
  /** The entry that it tells of. Absent where it is of the moment only. */
  seq: z.number().exactOptional(),
  at: z.string().exactOptional(),
  turn_id: z.string().exactOptional(),
};

const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...common, ...shape });

/** `thread_id` is the thread in which the job works. */
const ofJob = {
  job_id: z.string(),
  /** Of what it did and said: the cursor within the job. */
  job_seq: z.number().exactOptional(),
};

const tokens = { input_tokens: z.number(), output_tokens: z.number() };

export const AppEvent = z.discriminatedUnion('type', [
  event('response', {
    content: z.string(),
    finish: z.enum(['answered', 'failed', 'interrupted', 'limited']).exactOptional(),
    /** Of a notice: who says so. */
    from: z.string().exactOptional(),
  }),
  /** What the user said, for the user's other windows. */
  event('user_message', { content: z.string(), message_ids: z.array(z.string()) }),
  event('thinking', { message: z.string() }),
  event('status', { message: z.string() }),
  /** `offset` 0 begins anew: what was told of this answer before is void. */
  event('stream_chunk', { content: z.string(), offset: z.number(), answer_id: z.string() }),
  event('tool_started', { name: z.string(), detail: z.string(), call_id: z.string() }),
  event('tool_completed', {
    name: z.string(),
    success: z.boolean(),
    error: z.string().exactOptional(),
    call_id: z.string(),
    duration_ms: z.number().exactOptional(),
  }),
  event('tool_result', {
    name: z.string(),
    preview: z.string(),
    call_id: z.string(),
    origins: z.array(z.string()).readonly(),
  }),
  event('approval_needed', {
    request_id: z.string(),
    tool_name: z.string(),
    description: z.string(),
    parameters: z.string(),
    allow_always: z.boolean(),
    scope: z.string().exactOptional(),
    origins: z.array(z.string()).readonly(),
  }),
  event('gate_resolved', {
    request_id: z.string(),
    gate_name: z.literal('approval'),
    tool_name: z.string(),
    resolution: z.enum(['approved', 'denied']),
    message: z.string(),
  }),
  event('turn_metrics', {
    ...tokens,
    cache_read_tokens: z.number(),
    model: z.string(),
    duration_ms: z.number().exactOptional(),
    cost_usd: z.number().exactOptional(),
  }),
  event('turn_cost', tokens),
  event('thread_state_changed', {
    from_state: z.string(),
    to_state: z.string(),
    reason: z.string().exactOptional(),
  }),
  event('warning', { message: z.string() }),
  /** A job was ordered. Events of jobs are live only: `/api/jobs/ID/events` has what was missed. */
  event('job_started', { ...ofJob, title: z.string(), browse_url: z.string() }),
  /** A job came into another state; `job` is how it stands. */
  event('job_status', { ...ofJob, message: z.string(), job: JobInfo.exactOptional() }),
  event('job_message', { ...ofJob, role: z.string(), content: z.string() }),
  event('job_reasoning', { ...ofJob, narrative: z.string() }),
  event('job_tool_use', { ...ofJob, tool_name: z.string(), input: opaque<Json>() }),
  event('job_tool_result', { ...ofJob, tool_name: z.string(), output: z.string() }),
  event('job_result', { ...ofJob, status: z.string(), content: z.string() }),
  /** What its container takes, every few seconds while it works. It is kept nowhere. */
  event('job_usage', { ...ofJob, usage: JobUsageInfo }),
  /** A run of a routine began or ended. Live only: `/api/routines/ID/runs` has what was missed. */
  event('routine_run', { routine_id: z.string(), run: RoutineRunInfo }),
]);
export type AppEvent = z.infer<typeof AppEvent>;

/** What a reader was not told. */
export interface Missed {
  readonly type: 'missed';
  /** Pieces of answers that were left out because it read too slowly. The answer itself comes. */
  readonly chunks: number;
  /** More than could be replayed: threads should be read anew. */
  readonly threads: boolean;
}

export const EventsQuery = z.object({
  thread_id: id.exactOptional().describe('Only this thread.'),
  last_event_id: z.string().max(16_000).exactOptional().describe('As the header `Last-Event-ID`.'),
});
