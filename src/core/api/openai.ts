import { z } from 'zod';
import { id, text } from './fields.ts';

/**
 * Requests and answers in OpenAI's shapes. What a request has beside these is ignored, as OpenAI's own servers do with
 * what a model does not support; null is the same as absent.
 */

/** What is neither text nor a `FilePart` is refused where it is met. */
const Part = z.looseObject({ type: z.string(), text: text.nullish() });

const fileName = z.string().max(1_000).nullish();

/** With its content, and the type of that. */
const dataUrl = z.string().regex(/^data:[^,]{0,200};base64,/);

/** Each of the protocols has its own shapes for the same three things. */
export const FilePart = z.union([
  z
    .object({ type: z.literal('image_url'), image_url: z.object({ url: dataUrl }) })
    .transform(({ image_url }) => ({ name: 'picture', data: image_url.url })),
  z
    .object({ type: z.literal('input_image'), image_url: dataUrl })
    .transform(({ image_url }) => ({ name: 'picture', data: image_url })),
  z
    .object({ type: z.literal('file'), file: z.object({ filename: fileName, file_data: dataUrl }) })
    .transform(({ file }) => ({ name: file.filename ?? 'file', data: file.file_data })),
  z
    .object({ type: z.literal('input_file'), filename: fileName, file_data: dataUrl })
    .transform(({ filename, file_data }) => ({ name: filename ?? 'file', data: file_data })),
]);

const Content = z.union([text, z.array(Part)]);

/** Also what a function or a model is said to have said: every role but `user` and `system` is told, not obeyed. */
const ChatMessage = z.looseObject({ role: z.string(), content: Content.nullish() });
export type ChatMessage = z.infer<typeof ChatMessage>;

const MODEL = z.string().max(300);
/** Names the conversation. */
const name = id.nullish();
const streams = z.boolean().nullish();
const choices = z.literal(1, 'must be 1: there is one answer').nullish();

export const ChatRequest = z.looseObject({
  model: MODEL,
  messages: z.array(ChatMessage).min(1).max(10_000),
  stream: streams,
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  user: name,
  n: choices,
  response_format: z.looseObject({ type: z.string() }).nullish(),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

const InputItem = z.looseObject({
  type: z.string().nullish(),
  role: z.string().nullish(),
  content: Content.nullish(),
  approval_request_id: z.string().nullish(),
  approve: z.boolean().nullish(),
  reason: text.nullish(),
});
export type InputItem = z.infer<typeof InputItem>;

export const ResponsesRequest = z.looseObject({
  model: MODEL.nullish(),
  input: z.union([text, z.array(InputItem).min(1).max(10_000)]),
  instructions: text.nullish(),
  previous_response_id: z.string().max(1_000).nullish(),
  conversation: z.union([id, z.looseObject({ id })]).nullish(),
  user: name,
  stream: streams,
  background: z.boolean().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  text: z.looseObject({ format: z.looseObject({ type: z.string() }).nullish() }).nullish(),
});
export type ResponsesRequest = z.infer<typeof ResponsesRequest>;

/** Texts that a model can read: at most 256 of 8,000 characters each, and none is empty. */
const Embeddable = z.string().min(1, 'must not be empty').max(8_000, 'has more than 8000 characters');
const MOST_TEXTS = 256;

export const EmbeddingsRequest = z.looseObject({
  model: MODEL,
  input: z.union([Embeddable, z.array(Embeddable).min(1).max(MOST_TEXTS)], {
    error: `must be a text or 1 to ${MOST_TEXTS} texts of 1 to 8000 characters; tokens are not taken`,
  }),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.int().min(1).nullish(),
});

/** What was wrong, in OpenAI's words. */
export const OpenAiFailure = z.object({
  error: z.object({
    message: z.string(),
    type: z.string(),
    param: z.string().nullable(),
    code: z.string().nullable(),
  }),
});
export type OpenAiFailure = z.infer<typeof OpenAiFailure>;

const ChatUsage = z.object({
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  total_tokens: z.int(),
  prompt_tokens_details: z.object({ cached_tokens: z.int() }),
});
export type ChatUsage = z.infer<typeof ChatUsage>;

export const ChatCompletion = z.object({
  id: z.string(),
  object: z.literal('chat.completion'),
  /** Seconds since the Unix epoch. */
  created: z.int(),
  model: z.string(),
  choices: z.array(
    z.object({
      index: z.int(),
      message: z.object({ role: z.literal('assistant'), content: z.string(), refusal: z.null() }),
      finish_reason: z.enum(['stop', 'length']),
      logprobs: z.null(),
    }),
  ),
  usage: ChatUsage,
  /** Ours: where to go on, by `user` or `x-conversation`. */
  conversation_id: z.string(),
  /** Ours: the question that the answer ends with. */
  approval_id: z.string().exactOptional(),
});
export type ChatCompletion = z.infer<typeof ChatCompletion>;

const Model = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: z.int(),
  owned_by: z.string(),
});
export const ModelEntry = Model;
export type ModelEntry = z.infer<typeof Model>;
export const ModelList = z.object({ object: z.literal('list'), data: z.array(Model) });

export const EmbeddingList = z.object({
  object: z.literal('list'),
  model: z.string(),
  data: z.array(
    z.object({
      object: z.literal('embedding'),
      index: z.int(),
      /** Base64: 32-bit floats, little-endian. */
      embedding: z.union([z.array(z.number()), z.string()]),
    }),
  ),
  usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int() }),
});

const OutputText = z.object({
  type: z.literal('output_text'),
  text: z.string(),
  annotations: z.array(z.never()),
  logprobs: z.array(z.never()),
});

const OutputMessage = z.object({
  type: z.literal('message'),
  id: z.string(),
  role: z.literal('assistant'),
  status: z.enum(['in_progress', 'completed', 'incomplete']),
  /** `commentary`: what was said between two tools. */
  phase: z.enum(['commentary', 'final_answer']).exactOptional(),
  content: z.array(OutputText),
});

/** A tool of the assistant: it ran where the assistant runs. */
const OutputTool = z.object({
  type: z.literal('mcp_call'),
  id: z.string(),
  server_label: z.literal('ironbark'),
  name: z.string(),
  arguments: z.string(),
  status: z.enum(['in_progress', 'completed', 'incomplete', 'failed']),
  output: z.string().nullable(),
  error: z.string().nullable(),
});

/** The user is asked: answered with an `mcp_approval_response`, or with yes or no in words. */
const OutputQuestion = z.object({
  type: z.literal('mcp_approval_request'),
  id: z.string(),
  server_label: z.literal('ironbark'),
  name: z.string(),
  arguments: z.string(),
});

const OutputItem = z.discriminatedUnion('type', [OutputMessage, OutputTool, OutputQuestion]);
export type OutputItem = z.infer<typeof OutputItem>;
export type OutputMessage = z.infer<typeof OutputMessage>;
export type OutputTool = z.infer<typeof OutputTool>;

const ResponseUsage = z.object({
  input_tokens: z.int(),
  input_tokens_details: z.object({ cached_tokens: z.int(), cache_write_tokens: z.int() }),
  output_tokens: z.int(),
  output_tokens_details: z.object({ reasoning_tokens: z.int() }),
  total_tokens: z.int(),
});
export type ResponseUsage = z.infer<typeof ResponseUsage>;

export const ResponseObject = z.object({
  id: z.string(),
  object: z.literal('response'),
  created_at: z.int(),
  status: z.enum(['queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled']),
  background: z.boolean(),
  error: z.object({ code: z.literal('server_error'), message: z.string() }).nullable(),
  incomplete_details: z.object({ reason: z.literal('max_output_tokens') }).nullable(),
  instructions: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
  model: z.string(),
  output: z.array(OutputItem),
  previous_response_id: z.string().nullable(),
  conversation: z.object({ id: z.string() }),
  parallel_tool_calls: z.literal(true),
  tool_choice: z.literal('auto'),
  tools: z.array(z.never()),
  temperature: z.null(),
  top_p: z.null(),
  store: z.literal(true),
  usage: ResponseUsage.nullable(),
});
export type ResponseObject = z.infer<typeof ResponseObject>;
