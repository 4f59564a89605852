import { z } from 'zod';

/** `provider/model`, or a provider's name. */
const reference = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,300}$/u, 'must be 1 to 300 characters');
const provider = z.string().regex(/^[\w-]{1,64}$/, 'is not the name of a provider');

const modelState = z.object({
  reference: z.string(),
  /** Of its circuit breaker: `closed`, `open`, `halfOpen`, or `unused`. */
  state: z.string(),
  last_failure: z.string().nullable(),
});

export const LlmStatusReply = z.object({
  thinking: z.string().nullable(),
  /** Whether the user chose the first model, rather than configuration or environment. */
  chosen: z.boolean(),
  main: z.array(modelState),
  cheap: z.array(modelState),
  running: z.number(),
  waiting: z.number(),
  max_concurrent: z.number(),
});

const providerEntry = z.object({
  name: z.string(),
  label: z.string(),
  /** Something was set for it: a key, an address. */
  configured: z.boolean(),
  /** It can be chosen now. */
  available: z.boolean(),
  /** Why it is not available, or what it waits for; null where nothing is to be said. */
  reason: z.string().nullable(),
  /** Whether its first model is the one that is asked. */
  current: z.boolean(),
  /** Whether it runs on the user's own machine. */
  local: z.boolean(),
  key_required: z.boolean(),
  /** The name under which its key is kept as a secret; null: it takes none. */
  key_secret: z.string().nullable(),
  key_is_set: z.boolean(),
  base_url: z.string().nullable(),
  default_model: z.string(),
});
export const LlmProvidersReply = z.object({ providers: z.array(providerEntry) });

export const LlmListBody = z.object({ provider: provider.optional() });
export const LlmListReply = z.object({
  models: z.array(
    z.object({
      /** For `use`. */
      reference: z.string(),
      title: z.string().nullable(),
      context_tokens: z.number().nullable(),
    }),
  ),
});

export const LlmTestBody = z.object({ reference: reference.optional() });
export const LlmTestReply = z.object({
  ok: z.boolean(),
  reference: z.string(),
  /** What the model calls itself. */
  model: z.string().nullable(),
  ms: z.number().nullable(),
  /** Why it failed, for people. */
  message: z.string().nullable(),
  failure_kind: z.string().nullable(),
});

/** `default`: what configuration and environment say. */
export const LlmUseBody = z.object({ reference });
export const LlmThinkingBody = z.object({
  level: z.enum(
    ['off', 'low', 'medium', 'high', 'default'],
    'must be one of: off, low, medium, high, default',
  ),
});

export type LlmStatusReply = z.infer<typeof LlmStatusReply>;
export type LlmProvider = z.infer<typeof providerEntry>;
export type LlmProvidersReply = z.infer<typeof LlmProvidersReply>;
export type LlmListReply = z.infer<typeof LlmListReply>;
export type LlmTestReply = z.infer<typeof LlmTestReply>;
