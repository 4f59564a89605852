import { z } from 'zod';
import { moment } from './fields.ts';

/** Subsystems that are not there yet: their lists are empty and say so. The shapes are those that they will have. */
const absence = {
  available: z.boolean(),
  /** Why it is not available, for people; null where it is. */
  reason: z.string().nullable(),
};

const skill = z.object({
  name: z.string(),
  description: z.string(),
  version: z.string(),
  trust: z.string(),
  source: z.string(),
  keywords: z.array(z.string()).readonly(),
});
export const SkillsReply = z.object({ skills: z.array(skill), count: z.number(), ...absence });

const job = z.object({
  id: z.string(),
  title: z.string(),
  state: z.string(),
  created_at: moment,
  started_at: moment.exactOptional(),
});
export const JobsReply = z.object({ jobs: z.array(job), ...absence });
export const JobsSummaryReply = z.object({
  total: z.number(),
  pending: z.number(),
  in_progress: z.number(),
  completed: z.number(),
  failed: z.number(),
  stuck: z.number(),
  ...absence,
});

const routine = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  trigger_type: z.string(),
  trigger_summary: z.string(),
  last_run_at: moment.exactOptional(),
  next_fire_at: moment.exactOptional(),
  run_count: z.number(),
  consecutive_failures: z.number(),
  status: z.string(),
});
export const RoutinesReply = z.object({ routines: z.array(routine), ...absence });
export const RoutinesSummaryReply = z.object({
  total: z.number(),
  enabled: z.number(),
  disabled: z.number(),
  unverified: z.number(),
  failing: z.number(),
  runs_today: z.number(),
  ...absence,
});

export const PairingParams = z.object({ channel: z.string().min(1).max(64) });
export const PairingReply = z.object({
  channel: z.string(),
  requests: z.array(z.object({ code: z.string(), sender_id: z.string(), created_at: moment })),
  ...absence,
});

export type SkillsReply = z.infer<typeof SkillsReply>;
export type JobsReply = z.infer<typeof JobsReply>;
export type JobsSummaryReply = z.infer<typeof JobsSummaryReply>;
export type RoutinesReply = z.infer<typeof RoutinesReply>;
export type RoutinesSummaryReply = z.infer<typeof RoutinesSummaryReply>;
export type PairingReply = z.infer<typeof PairingReply>;
