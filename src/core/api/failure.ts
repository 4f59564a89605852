import { z } from 'zod';

/** The body of every answer that is not what was asked for. */
export const Failure = z
  .object({
    error: z.object({
      /** For programs: `invalid`, `not-found`, `stale`. */
      code: z.string(),
      /** For people: what was wrong and what to do instead. */
      message: z.string(),
      /** The part of the request that was wrong: `content`, `attachments.0.mime_type`, `query.limit`. */
      field: z.string().exactOptional(),
    }),
  })
  .readonly();

export type Failure = z.infer<typeof Failure>;
