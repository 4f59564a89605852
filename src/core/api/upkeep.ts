import { z } from 'zod';
import { count, id, moment, text } from './fields.ts';

export const NotificationsQuery = z.object({ limit: count(50, 1_000) });
/** Newest first. */
export const NotificationsReply = z.object({
  notifications: z.array(
    z.object({
      kind: z.string(),
      at: moment,
      from: z.string(),
      text: z.string(),
      origins: z.array(z.string()).readonly(),
      state: z.enum(['waiting', 'told', 'merged', 'muted']),
      settled_at: moment.nullable(),
      thread_id: z.string().nullable(),
    }),
  ),
});

export const HeartbeatReply = z.object({
  enabled: z.boolean(),
  /** Whether `HEARTBEAT.md` asks for anything. */
  has_work: z.boolean(),
  /** In words. */
  when: z.string(),
  /** Newest first. */
  beats: z.array(
    z.object({
      due_at: moment,
      state: z.enum(['wanted', 'claimed', 'silent', 'told', 'failed']),
      ended_at: moment.nullable(),
      detail: z.string().nullable(),
    }),
  ),
});
export const BeatReply = z.object({ message: z.string() });

/** What was removed, in words, with how much of it. */
const removed = z.record(z.string(), z.number());
export const HygieneReply = z.object({ last_at: moment.nullable(), removed });
export const CleanBody = z.object({ dry_run: z.boolean().default(false) });
export const CleanReply = z.object({
  /** Another process does it just now; nothing was done. */
  busy: z.boolean(),
  removed,
});

export const ToolHealthReply = z.object({
  tools: z.array(
    z.object({
      tool: z.string(),
      failures: z.number(),
      last_error: z.string(),
      last_at: moment,
      broken: z.boolean(),
      repairs: z.number(),
      repair_job: z.string().nullable(),
      last_result: z.string().nullable(),
      repaired_at: moment.nullable(),
      /** Where it was installed from, as far as that is known. */
      source: z.string().nullable(),
    }),
  ),
});

export const RepairParams = z.object({ tool: id });
export const RepairBody = z
  .object({
    path: text
      .pipe(z.string().max(4_096))
      .exactOptional()
      .describe('Where its source is; absent: where it was installed from.'),
  })
  .nullish();
/** The id of the job that repairs it. */
export const RepairReply = z.object({ job: z.string(), message: z.string() });

export type ToolHealthReply = z.infer<typeof ToolHealthReply>;
export type RepairReply = z.infer<typeof RepairReply>;
export type NotificationsReply = z.infer<typeof NotificationsReply>;
export type HeartbeatReply = z.infer<typeof HeartbeatReply>;
