import { z } from 'zod';
import { MAX_SECRET_BYTES, SECRET_NAME } from '../secrets.ts';
import { moment } from './fields.ts';

export const SecretParams = z.object({ name: z.string().regex(SECRET_NAME, 'is not the name of a secret') });
export const SecretBody = z.object({
  value: z
    .string()
    .min(1, 'must not be empty')
    .refine((text) => new TextEncoder().encode(text).length <= MAX_SECRET_BYTES, 'is longer than any secret'),
  expires_at: z.iso
    .datetime({ offset: true, error: 'must be a time, for example 2030-01-31T00:00:00Z' })
    .optional(),
});
export const DoneReply = z.object({ success: z.literal(true) });

/** Never a value. */
export const SecretsReply = z.object({
  secrets: z.array(
    z.object({
      name: z.string(),
      source: z.enum(['vault', 'environment']),
      set_at: moment.nullable(),
      expires_at: moment.nullable(),
      expired: z.boolean(),
      /** How often it was sent somewhere. */
      uses: z.number(),
      last_use: z.object({ at: moment, tool: z.string(), host: z.string() }).nullable(),
    }),
  ),
  master_key: z.object({
    source: z.enum(['environment', 'file', 'systemd', 'keychain', 'home']).nullable(),
    /** What could be safer, and how. */
    warning: z.string().nullable(),
    /** Why secrets cannot be used now, and what to do. */
    problem: z.string().nullable(),
  }),
});

export type SecretsReply = z.infer<typeof SecretsReply>;
