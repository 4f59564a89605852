import { z } from 'zod';
import { ApprovalRequest, SendRequest } from './chat.ts';

/** What a client of `/api/chat/ws` sends. `ref`, if given, comes back with the answer. */
const ref = { ref: z.string().max(200).exactOptional() };

export const ChatSocketRequest = z.discriminatedUnion('type', [
  SendRequest.extend({ type: z.literal('message'), ...ref }),
  ApprovalRequest.extend({ type: z.literal('approval'), ...ref }),
  z.object({ type: z.literal('interrupt'), thread_id: z.string().min(1).max(200), ...ref }),
  z.object({ type: z.enum(['auth_token', 'auth_cancel']), ...ref }),
  z.object({ type: z.literal('ping'), ...ref }),
]);
export type ChatSocketRequest = z.infer<typeof ChatSocketRequest>;

/** What it is sent. `id` is the cursor for `?last_event_id=`. */
export type ChatSocketFrame =
  | { readonly type: 'event'; readonly event_type: string; readonly id?: string; readonly data: unknown }
  | {
      readonly type: 'accepted';
      readonly ref?: string;
      readonly message_id: string;
      readonly thread_id: string;
    }
  | { readonly type: 'pong'; readonly ref?: string }
  | { readonly type: 'error'; readonly ref?: string; readonly code: string; readonly message: string };
