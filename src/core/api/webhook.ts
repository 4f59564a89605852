import { z } from 'zod';
import { SendRequest } from './chat.ts';
import { id, text } from './fields.ts';

/** Longest message, in bytes of UTF-8. */
const MAX_CONTENT_BYTES = 32 * 1024;

/** Who speaks, in words that people will read: on one line. */
const sender = z
  .string()
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}]{1,100}$/u, 'must be 1 to 100 characters without control characters');

export const WebhookRequest = z.object({
  content: text.refine(
    (content) => new TextEncoder().encode(content).length <= MAX_CONTENT_BYTES,
    'has more than 32 KiB',
  ),
  user_id: sender
    .nullish()
    .describe('Who says it, where it is not the owner: heard as the words of a stranger.'),
  thread_id: id.nullish().describe('The conversation. Without it, the one that this sender always has.'),
  message_id: id.nullish().describe("The sender's own: the same id again is the same message."),
  wait_for_response: z.boolean().nullish(),
  attachments: SendRequest.shape.attachments,
});
export type WebhookRequest = z.infer<typeof WebhookRequest>;

export const WebhookAnswer = z.object({
  message_id: z.string(),
  /**
   * `accepted`: on disk, and not answered yet. `approval_needed`: it waits for the owner. The rest is how the turn
   * ended.
   */
  status: z.enum(['accepted', 'approval_needed', 'completed', 'interrupted', 'failed', 'refused']),
  /** The conversation that the answer is in. */
  thread_id: z.string(),
  /** The reply, or why there is none. */
  response: z.string().exactOptional(),
});
export type WebhookAnswer = z.infer<typeof WebhookAnswer>;
