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

export const PairingParams = z.object({ channel: z.string().min(1).max(64) });
export const PairingReply = z.object({
  channel: z.string(),
  requests: z.array(z.object({ code: z.string(), sender_id: z.string(), created_at: moment })),
  ...absence,
});

export type SkillsReply = z.infer<typeof SkillsReply>;
export type PairingReply = z.infer<typeof PairingReply>;
