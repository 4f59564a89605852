import { z } from 'zod';

/** What the measured program is asked to do, one message each; it answers with the same `id`. */
export const Order = z.discriminatedUnion('do', [
  /** Orders so many jobs under ids that begin with `name`; those that were ordered before are not ordered again. */
  z.object({ id: z.number(), do: z.literal('order'), name: z.string(), jobs: z.number() }),
  /** Answers when so many jobs whose title begins with `name` have ended. */
  z.object({ id: z.number(), do: z.literal('await'), name: z.string(), jobs: z.number() }),
  /** What became of each of them. */
  z.object({ id: z.number(), do: z.literal('outcomes'), name: z.string() }),
  /** So many messages to so many conversations at once; answers with the milliseconds that each took. */
  z.object({
    id: z.number(),
    do: z.literal('talk'),
    name: z.string(),
    conversations: z.number(),
    turns: z.number(),
  }),
  /** So many routines on this schedule. */
  z.object({
    id: z.number(),
    do: z.literal('arm'),
    name: z.string(),
    routines: z.number(),
    schedule: z.string(),
  }),
  /** How late, in milliseconds, the runs of these routines began; once so many have ended. */
  z.object({ id: z.number(), do: z.literal('lateness'), name: z.string(), runs: z.number() }),
]);

export type Order = z.infer<typeof Order>;

/** What became of one job. */
export const Ended = z.object({
  title: z.string(),
  state: z.string(),
  /** Replies in its conversation. */
  replies: z.number(),
});

export type Ended = z.infer<typeof Ended>;
