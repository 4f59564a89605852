import type { ModelLimits, Price } from '../model.ts';
import type { ProviderName } from './providers.ts';

/** A price that rises for the whole call once its prompt is longer than so many tokens. */
export interface TieredPrice extends Price {
  readonly longPrompt?: Price & { readonly aboveTokens: number };
}

export interface KnownModel {
  /** What its name begins with, in the form of `plainModelName`. */
  readonly prefix: string;
  readonly limits: ModelLimits;
  /** Undefined where only the limits are known. */
  readonly price: TieredPrice | undefined;
  /** Who asks this price. */
  readonly providers: readonly ProviderName[];
}

const K = 1000;
const M = 1000 * K;

interface Family {
  readonly providers: readonly ProviderName[];
  readonly limits: ModelLimits;
  readonly prices: Readonly<Record<string, TieredPrice | undefined>>;
}

/** Limits in tokens: what is read and written together, what is written. */
const sees = (contextTokens: number, outputTokens: number): ModelLimits => ({
  contextTokens,
  outputTokens,
  vision: true,
});

const reads = (contextTokens: number, outputTokens: number): ModelLimits => ({
  ...sees(contextTokens, outputTokens),
  vision: false,
});

/** US dollars for a million tokens: input, output, input from the cache. */
const price = (input: number, output: number, cacheRead = input): TieredPrice => ({
  input,
  output,
  cacheRead,
});

/** Anthropic charges a quarter more for what it writes into its cache for five minutes, and as a rule a tenth for reading. */
const claude = (input: number, output: number, cacheRead = input / 10): TieredPrice => ({
  ...price(input, output, cacheRead),
  cacheWrite: input * 1.25,
});

/** OpenAI since GPT-5.6: writing into the cache costs a quarter more; beyond 272,000 tokens of input all of it more. */
const gpt = (input: number, output: number, cacheRead: number): TieredPrice => ({
  ...price(input, output, cacheRead),
  cacheWrite: input * 1.25,
  longPrompt: {
    aboveTokens: 272 * K,
    input: input * 2,
    output: output * 1.5,
    cacheRead: cacheRead * 2,
    cacheWrite: input * 2.5,
  },
});

const longer = (base: TieredPrice, aboveTokens: number, more: Price): TieredPrice => ({
  ...base,
  longPrompt: { aboveTokens, ...more },
});

/**
 * Limits and list prices of well-known models, from the public price lists and model pages of the providers as they
 * stood in November 2026: developers.openai.com/api/docs/pricing, platform.claude.com/docs/en/models,
 * ai.google.dev/gemini-api/docs/pricing, api-docs.deepseek.com, docs.x.ai, docs.mistral.ai, console.groq.com,
 * docs.together.ai and others. Where a price depends on the hour or is about to rise, the higher one stands here, so
 * that a budget is not exceeded. Batch, priority and regional surcharges are not known here.
 */
const FAMILIES: readonly Family[] = [
  {
    providers: ['openai', 'openrouter'],
    limits: sees(1_050_000, 128 * K),
    prices: {
      'gpt-6-astra': gpt(10, 50, 1),
      'gpt-6-1-sol': gpt(2, 10, 0.1),
      'gpt-6-1-terra': gpt(1, 5, 0.05),
      'gpt-6-sol': gpt(2, 10, 0.2),
      'gpt-6-luna': gpt(0.1, 0.5, 0.01),
      'gpt-5-6': gpt(4, 20, 0.4),
      'gpt-5-6-terra': gpt(2, 12, 0.2),
      'gpt-5-6-luna': gpt(0.2, 1.2, 0.02),
      'gpt-5-5': longer(price(5, 30, 0.5), 272 * K, { input: 10, output: 45, cacheRead: 1 }),
      'gpt-5-5-pro': longer(price(30, 180), 272 * K, { input: 60, output: 270 }),
      'gpt-5-4': longer(price(2.5, 15, 0.25), 272 * K, { input: 5, output: 22.5, cacheRead: 0.5 }),
      'gpt-5-4-pro': longer(price(30, 180), 272 * K, { input: 60, output: 270 }),
    },
  },
  {
    providers: ['openai', 'openrouter'],
    limits: sees(400 * K, 128 * K),
    prices: {
      'gpt-5-4-mini': price(0.75, 4.5, 0.075),
      'gpt-5-4-nano': price(0.2, 1.25, 0.02),
      'gpt-5-2': price(1.75, 14, 0.175),
      'gpt-5-2-pro': price(21, 168),
      'gpt-5-1': price(1.25, 10, 0.125),
      'gpt-5-1-codex-mini': price(0.25, 2, 0.025),
      'gpt-5': price(1.25, 10, 0.125),
      'gpt-5-mini': price(0.25, 2, 0.025),
      'gpt-5-nano': price(0.05, 0.4, 0.005),
      'gpt-5-pro': price(15, 120),
    },
  },
  {
    providers: ['openai', 'openrouter'],
    limits: sees(1_047_576, 32_768),
    prices: {
      'gpt-4-1': price(2, 8, 0.5),
      'gpt-4-1-mini': price(0.4, 1.6, 0.1),
      'gpt-4-1-nano': price(0.1, 0.4, 0.025),
    },
  },
  {
    providers: ['openai', 'openrouter'],
    limits: sees(200 * K, 100 * K),
    prices: { o3: price(2, 8, 0.5), 'o4-mini': price(1.1, 4.4, 0.275) },
  },
  {
    providers: ['openai', 'openrouter'],
    limits: sees(128 * K, 16_384),
    prices: { 'gpt-4o': price(2.5, 10, 1.25), 'gpt-4o-mini': price(0.15, 0.6, 0.075) },
  },
  {
    providers: ['anthropic', 'openrouter'],
    limits: sees(M, 128 * K),
    prices: {
      'claude-fable-5-2': claude(8, 40),
      'claude-fable-5-1': claude(10, 50),
      'claude-fable-5': claude(10, 50),
      'claude-opus-5-5': claude(4, 20),
      'claude-opus-5': claude(5, 25),
      'claude-opus-4-8': claude(5, 25),
      'claude-opus-4-7': claude(5, 25),
      'claude-opus-4-6': claude(5, 25),
      'claude-sonnet-5-5': claude(2, 10, 0.1),
      'claude-sonnet-5': claude(2, 10),
      'claude-sonnet-4-6': claude(3, 15),
      'claude-haiku-5-5': longer(claude(0.1, 0.5), 100 * K, claude(0.5, 2.5)),
    },
  },
  {
    providers: ['anthropic', 'openrouter'],
    limits: sees(200 * K, 64 * K),
    prices: {
      'claude-opus-4-5': claude(5, 25),
      'claude-sonnet-4-5': claude(3, 15),
      'claude-haiku-4-5': claude(1, 5),
      'claude-sonnet-4': claude(3, 15),
      'claude-sonnet-4-0': claude(3, 15),
    },
  },
  {
    providers: ['anthropic', 'openrouter'],
    limits: sees(200 * K, 32 * K),
    prices: {
      'claude-opus-4-1': claude(15, 75),
      'claude-opus-4': claude(15, 75),
      'claude-opus-4-0': claude(15, 75),
    },
  },
  {
    providers: ['google', 'openrouter'],
    limits: sees(1_048_576, 65_536),
    prices: {
      // From 1 December 2026; half of it until then.
      'gemini-4-argon': price(4, 20, 0.2),
      'gemini-4-carbon': price(4, 20, 0.2),
      'gemini-4-hydrogen': undefined,
      // Announced until the end of 2026.
      'gemini-3-8-flash': price(0.75, 3.75, 0.075),
      'gemini-3-6-flash': price(1.5, 7.5, 0.15),
      'gemini-3-5-flash': price(1.5, 9, 0.15),
      'gemini-3-5-flash-lite': price(0.3, 2.5, 0.03),
      'gemini-3-1-pro': longer(price(2, 12, 0.2), 200 * K, { input: 4, output: 18, cacheRead: 0.4 }),
      'gemini-3-1-flash-lite': price(0.25, 1.5, 0.025),
      'gemini-3-pro': longer(price(2, 12, 0.2), 200 * K, { input: 4, output: 18, cacheRead: 0.4 }),
      'gemini-3-flash': price(0.5, 3, 0.05),
      'gemini-2-5-pro': longer(price(1.25, 10, 0.125), 200 * K, { input: 2.5, output: 15, cacheRead: 0.25 }),
      'gemini-2-5-flash': price(0.3, 2.5, 0.03),
      'gemini-2-5-flash-lite': price(0.1, 0.4, 0.01),
    },
  },
  {
    providers: ['deepseek'],
    limits: reads(M, 384 * K),
    // At peak hours; half of it at other times.
    prices: {
      'deepseek-flash': price(0.3, 1.2, 0.006),
      'deepseek-v4-flash': price(0.3, 1.2, 0.006),
      'deepseek-v4-pro': price(1.32, 3.96, 0.044),
    },
  },
  {
    providers: ['xai', 'openrouter'],
    limits: sees(500 * K, 64 * K),
    prices: {
      'grok-4-5': longer(price(2, 6, 0.5), 200 * K, { input: 4, output: 12, cacheRead: 1 }),
      'grok-4-6': longer(price(2, 6, 0.5), 200 * K, { input: 4, output: 12, cacheRead: 1 }),
    },
  },
  {
    providers: ['mistral'],
    limits: sees(256 * K, 64 * K),
    prices: { 'mistral-medium': price(1.5, 7.5), 'mistral-medium-3-5': price(1.5, 7.5) },
  },
  {
    providers: ['mistral'],
    limits: sees(1_048_576, 64 * K),
    prices: { 'mistral-large-4': price(1.36, 4.18), 'mistral-large-4-0': price(1.36, 4.18) },
  },
  {
    providers: ['moonshot'],
    limits: sees(262_144, 64 * K),
    prices: { 'kimi-k3': price(3, 15, 0.3), 'kimi-k2-6': undefined, 'kimi-k2-7-code': undefined },
  },
  {
    providers: ['zai'],
    limits: reads(200 * K, 128 * K),
    prices: { 'glm-5': price(1, 3.2, 0.2), 'zai-org-glm-5': undefined },
  },
  { providers: ['minimax'], limits: reads(204_800, 64 * K), prices: { 'minimax-m2-5': price(0.3, 1.2) } },
  {
    providers: ['groq', 'together', 'fireworks'],
    limits: reads(131_072, 65_536),
    prices: { 'gpt-oss-120b': price(0.15, 0.6), 'gpt-oss-20b': price(0.075, 0.3) },
  },
];

/** Some eighty rows. */
export const KNOWN_MODELS: readonly KnownModel[] = FAMILIES.flatMap(({ providers, limits, prices }) =>
  Object.entries(prices).map(([prefix, price]) => ({ prefix, limits, price, providers })),
);
