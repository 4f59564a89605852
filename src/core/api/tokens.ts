import { z } from 'zod';
import { id, moment } from './fields.ts';

const token = z.object({
  id: z.string(),
  name: z.string(),
  /** The first characters of it, to tell it from others. */
  prefix: z.string(),
  created_at: moment,
  /** To the minute; null: never. */
  last_used_at: moment.nullable(),
  /** Null: never. */
  expires_at: moment.nullable(),
  expired: z.boolean(),
});

export const TokensReply = z.object({ tokens: z.array(token) });
export const TokenParams = z.object({ id: z.string().min(1).max(64) });
export const TokenBody = z.object({
  name: id,
  expires_in_days: z.number('must be a number of days').int().min(1).max(3_650).optional(),
});
/** `token` is shown this once and is nowhere kept. */
export const TokenCreatedReply = token.extend({ token: z.string() });

export type ApiToken = z.infer<typeof token>;
export type TokensReply = z.infer<typeof TokensReply>;
export type TokenCreatedReply = z.infer<typeof TokenCreatedReply>;
