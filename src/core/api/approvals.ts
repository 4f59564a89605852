import { z } from 'zod';
import type { JsonObject } from '../json.ts';
import { moment, opaque } from './fields.ts';

export const ApprovalsQuery = z.object({ thread_id: z.string().max(200).optional() });
const approval = z.object({
  request_id: z.string(),
  thread_id: z.string(),
  tool_name: z.string(),
  description: z.string(),
  parameters: opaque<JsonObject>(),
  allow_always: z.boolean(),
  /** What "always" would cover, in words. */
  scope: z.string().exactOptional(),
  /** Whose words, other than the user's, had a hand in it. */
  origins: z.array(z.string()).readonly(),
  created_at: moment,
});
export const ApprovalsReply = z.object({ approvals: z.array(approval) });

export type ApprovalsReply = z.infer<typeof ApprovalsReply>;
