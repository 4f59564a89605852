import { z } from 'zod';
import type { JsonObject } from '../json.ts';
import { count, moment, opaque } from './fields.ts';

export const AuditQuery = z.object({
  limit: count(50, 1_000),
  tool: z.string().max(200).optional(),
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')
    .optional(),
});
const entry = z.object({
  id: z.number(),
  at: moment,
  kind: z.string(),
  tool: z.string(),
  user: z.string().nullable(),
  actor: z.string().nullable(),
  rule: z.string().nullable(),
  message: z.string(),
  origins: z.array(z.string()).readonly(),
  thread_id: z.string().nullable(),
  effect_id: z.string().nullable(),
  detail: opaque<JsonObject>(),
  hash: z.string(),
});
/** Newest first. */
export const AuditReply = z.object({ entries: z.array(entry) });
export const AuditVerifyReply = z.object({
  ok: z.boolean(),
  /** How many are whole, from the first on. */
  lines: z.number(),
  head: z.string(),
  fault: z.object({ id: z.number(), message: z.string() }).nullable(),
});

export type AuditReply = z.infer<typeof AuditReply>;
export type AuditVerifyReply = z.infer<typeof AuditVerifyReply>;
