import { z } from 'zod';
import type { ModelFailure } from './journal.ts';
import type { JsonObject } from './json.ts';

/**
 * What the work of a job says to the assistant from inside its container, and what it is told there. HTTP over a Unix
 * socket; each path is below `/worker/{job id}` and wants the job's token as bearer. What is repeated is recognised:
 * events and prompts by their numbers, a question to the model by its id, the end by the job.
 */

/** Where a container finds the socket, and where it finds its token. */
export const ORCHESTRATOR_SOCKET = '/run/ironbark/orchestrator.sock';
export const TOKEN_VARIABLE = 'IRONBARK_ORCHESTRATOR_TOKEN';

const words = z
  .string()
  .transform((value) => value.toWellFormed().replaceAll('\u0000', '\uFFFD'))
  .pipe(z.string());
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
/** Anything that is an object; what is in it is nobody's business here. */
const object = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);

/** `GET job`: what is to be done. */
export const JobBrief = z.object({
  id: z.string(),
  title: z.string(),
  /** All that it is told. */
  description: z.string(),
  mode: z.enum(['worker', 'claude_code', 'acp']),
  /** Of the foreign program, where the order names one. */
  agentName: z.string().nullable(),
  /** Null: no limit of its own. */
  limits: z.object({
    iterations: count,
    tokens: count.nullable(),
    minutes: z.number().nullable(),
  }),
  /** Names of tools that it may use; null: all that there are in the container. */
  tools: z.array(z.string()).nullable(),
  /** Whose words, other than the user's, had a hand in the order. */
  origins: z.array(z.string()),
  byUser: z.boolean(),
  /** IANA. */
  timezone: z.string(),
  /** 1 for the first container of this job, 2 for the one after it. */
  attempt: count,
  /** Of the events that were told before: the highest number. 0: none. */
  lastEvent: count,
  /** What the foreign program calls what it did so far, as `status` was told last; null: nothing. */
  session: z.string().nullable(),
  /** What questions to the model have to keep within. */
  model: z.object({
    name: z.string(),
    contextTokens: count,
    outputTokens: count,
    vision: z.boolean(),
  }),
});
export type JobBrief = z.infer<typeof JobBrief>;

const ToolCall = z.object({ callId: words, tool: words, arguments: object });

const Usage = z.object({
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: count.exactOptional(),
  cacheWriteTokens: count.exactOptional(),
});

const Message = z.discriminatedUnion('role', [
  z.object({
    role: z.literal('user'),
    text: words,
    pictures: z.array(z.object({ mediaType: z.string(), base64: z.string() })).exactOptional(),
  }),
  z.object({ role: z.literal('assistant'), text: words, toolCalls: z.array(ToolCall) }),
  z.object({ role: z.literal('tool'), callId: words, tool: words, content: words, failed: z.boolean() }),
]);

/** `POST llm/complete`, `POST llm/complete_with_tools`: a question to the language model. */
export const ModelQuestion = z.object({
  /** The same question asked again has the same id, and is set aside for once in the budgets. */
  id: z.string().regex(/^[\w.:-]{1,128}$/, 'must be 1 to 128 letters, digits, "_", ".", ":" and "-"'),
  /** `aside`: a cheap model will do. */
  purpose: z.enum(['answer', 'aside']).default('answer'),
  system: words.default(''),
  messages: z.array(Message).min(1),
  /** Of `complete`: left out. */
  tools: z
    .array(z.object({ name: words, description: words, parameters: object }))
    .max(500)
    .default([]),
  thinking: z.enum(['off', 'low', 'medium', 'high']).exactOptional(),
  maxOutputTokens: count.min(1).exactOptional(),
});
export type ModelQuestion = z.infer<typeof ModelQuestion>;

/**
 * The answer comes as lines of JSON, one of these each. `restart`: the text so far is void. The last line is `answer`
 * or `failed`; where there is none, the connection was lost and the question may be asked again.
 */
export const ModelLine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('restart') }),
  z.object({
    type: z.literal('answer'),
    text: z.string(),
    toolCalls: z.array(ToolCall),
    usage: Usage,
    model: z.string(),
    cut: z.literal(true).exactOptional(),
  }),
  z.object({
    type: z.literal('failed'),
    error: z.object({
      kind: z.custom<ModelFailure['kind']>((value) => typeof value === 'string'),
      message: z.string(),
      retryAfterMs: z.number().exactOptional(),
    }),
  }),
]);
export type ModelLine = z.infer<typeof ModelLine>;

/** `POST status`: what it is at, in a few words; kept is the latest only. Also the sign of life. */
export const WorkStatus = z.object({
  message: words.pipe(z.string().max(2_000)).default(''),
  /** What the foreign program calls what it did so far, to go on with it in another container. */
  session: z.string().max(500).exactOptional(),
});
export type WorkStatus = z.infer<typeof WorkStatus>;

/**
 * `POST event`. `seq` counts the container's own events, upward, from 1, over all containers of the job; one that is
 * not above the last changes nothing. Answers `{fresh}`.
 */
export const WorkEventPost = z.object({
  seq: count,
  type: z.enum(['message', 'reasoning', 'tool_use', 'tool_result', 'status', 'result']),
  data: object,
});
export type WorkEventPost = z.infer<typeof WorkEventPost>;

/** `POST complete`: nothing more will be done. The first one counts. */
export const WorkEnd = z.object({
  outcome: z.enum(['answered', 'limited', 'failed']),
  /** The result, or why there is none. */
  text: words,
  origins: z
    .array(words.pipe(z.string().max(500)))
    .max(1_000)
    .default([]),
});
export type WorkEnd = z.infer<typeof WorkEnd>;

/** `GET prompt?after=N`: the first thing said to the job after the N-th, or 204. `done`: nothing more will be said. */
export const WorkPrompt = z.object({
  seq: count,
  content: z.string(),
  /** Whose words these are; null: the user's. */
  origin: z.string().nullable(),
  done: z.boolean(),
});
export type WorkPrompt = z.infer<typeof WorkPrompt>;

/** `GET credentials`: those that the order grants, as variables of the environment. */
export const WorkCredentials = z.object({
  credentials: z.array(z.object({ variable: z.string(), value: z.string() })),
});
export type WorkCredentials = z.infer<typeof WorkCredentials>;
