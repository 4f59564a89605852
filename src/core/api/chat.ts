import { z } from 'zod';
import { count, id, moment, text } from './fields.ts';

/** Bytes of one attachment, and of all attachments of one message. */
export const MAX_ATTACHMENT_BYTES = 5 * 1024 * 1024;
export const MAX_ATTACHMENTS_BYTES = 10 * 1024 * 1024;
const MAX_ATTACHMENTS = 20;

const fileName = z.string().max(1_000);

/** A file of a message. */
const Attachment = z.object({
  mime_type: z.string().max(200),
  filename: fileName.exactOptional(),
  data_base64: z.string(),
});

const Image = z.object({ media_type: z.string().max(200), data: z.string() });

export const SendRequest = z.object({
  content: text.describe('The message. May be empty where something is attached.'),
  thread_id: id.exactOptional().describe('Without it a new thread begins; the answer names it.'),
  message_id: id
    .exactOptional()
    .describe("The client's own: the same id again in the same thread is the same message."),
  mode: z
    .enum(['auto', 'queue', 'steer', 'interrupt'])
    .exactOptional()
    .describe('What it does to a turn that runs; `auto` (unless given): as the user chose.'),
  timezone: z.string().max(100).exactOptional().describe('Taken, and not used: it is a setting.'),
  attachments: z.array(Attachment).max(MAX_ATTACHMENTS).default([]),
  images: z.array(Image).max(MAX_ATTACHMENTS).default([]),
});

export type SendRequest = z.infer<typeof SendRequest>;

/** On disk; it will be acted on exactly once. */
export const SendAnswer = z.object({
  message_id: z.string(),
  status: z.literal('accepted'),
  thread_id: z.string(),
  duplicate: z.boolean(),
  /** Where its attachments lie, as tools name them. */
  attachments: z.array(z.string()).readonly(),
});

export type SendAnswer = z.infer<typeof SendAnswer>;

export const ThreadsQuery = z.object({
  search: z.string().max(1_000).default('').describe('Words of a title, or of what was said.'),
  limit: count(100, 200),
});

export const ThreadInfo = z
  .object({
    id: z.string(),
    state: z.enum(['processing', 'idle']),
    title: z.string().nullable(),
    created_at: moment,
    updated_at: moment,
    thread_type: z.literal('thread'),
    channel: z.string(),
    /** The number of its newest entry; grows with whatever happens in it. */
    cursor: z.number(),
  })
  .readonly();

export type ThreadInfo = z.infer<typeof ThreadInfo>;

export const ThreadsAnswer = z.object({
  assistant_thread: z.null(),
  threads: z.array(ThreadInfo).readonly(),
  active_thread: z.string().exactOptional(),
});

/** It is there for good from its first message on. */
export const NewThread = z.object({ id: z.string(), created_at: moment });

export const ThreadParams = z.object({ id });
export const ThreadChange = z.object({ title: text.pipe(z.string().trim().min(1).max(80)) });

export const HistoryQuery = z.object({
  thread_id: id,
  limit: count(50, 200).describe('Turns.'),
  before: z
    .union([
      z.literal('').transform(() => undefined),
      z.coerce.number().int().min(1),
      z.iso.datetime({ offset: true }),
    ])
    .optional()
    .describe('A turn number, or a moment: only what began before.'),
});

const HistoryToolCall = z
  .object({
    name: z.string(),
    call_id: z.string(),
    parameters: z.unknown(),
    has_result: z.boolean(),
    has_error: z.boolean(),
    result_preview: z.string().exactOptional(),
    result: z.string().exactOptional(),
    error: z.string().exactOptional(),
    duration_ms: z.number().exactOptional(),
    /** Whose words, other than the user's, the result holds. */
    origins: z.array(z.string()).readonly(),
  })
  .readonly();

export const TurnInfo = z
  .object({
    /** The number of the entry it began with: grows, not by one. */
    turn_number: z.number(),
    turn_id: z.string(),
    user_message_id: z.string().exactOptional(),
    user_input: z.string(),
    response: z.string().nullable(),
    state: z.enum(['Processing', 'AwaitingApproval', 'Completed', 'Failed', 'Interrupted']),
    started_at: moment,
    completed_at: moment.exactOptional(),
    tool_calls: z.array(HistoryToolCall).readonly(),
    generated_images: z.array(z.unknown()).readonly(),
    input_tokens: z.number().exactOptional(),
    output_tokens: z.number().exactOptional(),
  })
  .readonly();
export type TurnInfo = z.infer<typeof TurnInfo>;

export const PendingGate = z
  .object({
    request_id: z.string(),
    thread_id: z.string(),
    gate_name: z.literal('approval'),
    tool_name: z.string(),
    description: z.string(),
    parameters: z.string(),
    resume_kind: z.object({ type: z.literal('approval'), allow_always: z.boolean() }),
    scope: z.string().exactOptional(),
    /** Whose words, other than the user's, had a hand in it. */
    origins: z.array(z.string()).readonly(),
    requested_at: moment,
  })
  .readonly();

export type PendingGate = z.infer<typeof PendingGate>;

export const HistoryAnswer = z.object({
  thread_id: z.string(),
  turns: z.array(TurnInfo).readonly(),
  has_more: z.boolean(),
  oldest_timestamp: moment.exactOptional(),
  channel: z.string().exactOptional(),
  pending_gate: PendingGate.exactOptional(),
  in_progress: z
    .object({
      turn_number: z.number(),
      state: z.enum(['Processing', 'AwaitingApproval']),
      user_input: z.string(),
      started_at: moment,
    })
    .exactOptional(),
});

const reason = text
  .pipe(z.string().max(10_000))
  .exactOptional()
  .describe('What the assistant is told with it.');

export const ApprovalRequest = z.object({
  request_id: id,
  thread_id: id.exactOptional(),
  action: z
    .enum(['approve', 'always', 'deny', 'conversation'])
    .describe('`conversation`: as `always`, in this thread only.'),
  reason,
});

export const GateRequest = z.object({
  request_id: id,
  thread_id: id.exactOptional(),
  resolution: z.enum(['approved', 'denied', 'credential_provided', 'cancelled']),
  always: z.boolean().default(false),
  reason,
});

export const ApprovalAnswer = z.object({
  status: z.enum(['accepted', 'resolved']).describe('`accepted`: on disk, and not acted on yet.'),
  message_id: z.string(),
  thread_id: z.string(),
});

export const InterruptRequest = z.object({ thread_id: id });
export const InterruptAnswer = z.object({ status: z.literal('accepted'), thread_id: z.string() });

export const FileUpload = z.object({
  /** As tools name it: relative to the files folder. */
  path: z.string(),
  mime_type: z.string(),
  size: z.number(),
  /** The line that tells the assistant of it, to be put into a message. */
  line: z.string(),
});
export type FileUpload = z.infer<typeof FileUpload>;
