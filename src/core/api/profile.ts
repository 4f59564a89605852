import { z } from 'zod';

export const ProfileReply = z.object({
  /** What the user is called; null: not told. */
  name: z.string().nullable(),
  /** IANA. */
  timezone: z.string(),
  /** BCP 47, for example `de-CH`; null: as the browser says. */
  locale: z.string().nullable(),
  /** What is decided elsewhere, and where. */
  fixed: z.record(z.string(), z.string()),
});
/** Absent: as it was; null: as if nobody had said anything. */
export const ProfileBody = z.object({
  name: z.string().max(100).nullable().optional(),
  timezone: z.string().max(100).nullable().optional(),
  locale: z.string().max(35).nullable().optional(),
});

export type ProfileReply = z.infer<typeof ProfileReply>;
export type ProfileBody = z.infer<typeof ProfileBody>;
