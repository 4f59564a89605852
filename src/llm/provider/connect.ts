import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { Protocol } from '../catalogue/providers.ts';
import type { ProviderSettings } from '../settings.ts';
import { PLACEHOLDER } from './key-fetch.ts';

/** The adapter that speaks the provider's protocol, without a key. Only the one that is used is loaded. */
export function connect(
  settings: ProviderSettings,
  fetch: typeof globalThis.fetch,
): Promise<LanguageModelV4> {
  return ADAPTERS[settings.protocol](settings, fetch);
}

type Adapter = (settings: ProviderSettings, fetch: typeof globalThis.fetch) => Promise<LanguageModelV4>;

const ADAPTERS: Readonly<Record<Protocol, Adapter>> = {
  'openai-responses': async ({ baseUrl, model }, fetch) => {
    const { createOpenAI } = await import('@ai-sdk/openai');
    return createOpenAI({ baseURL: baseUrl, apiKey: PLACEHOLDER, fetch }).responses(model);
  },
  'openai-chat': async ({ baseUrl, model, provider }, fetch) => {
    const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
    return createOpenAICompatible({
      name: provider,
      baseURL: baseUrl,
      includeUsage: true,
      fetch,
      apiKey: PLACEHOLDER,
    }).chatModel(model);
  },
  'anthropic-messages': async ({ baseUrl, model }, fetch) => {
    const { createAnthropic } = await import('@ai-sdk/anthropic');
    return createAnthropic({ baseURL: baseUrl, apiKey: PLACEHOLDER, fetch })(model);
  },
  'google-generative': async ({ baseUrl, model }, fetch) => {
    const { createGoogle } = await import('@ai-sdk/google');
    return createGoogle({ baseURL: baseUrl, apiKey: PLACEHOLDER, fetch })(model);
  },
};
