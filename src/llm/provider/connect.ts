import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { ProviderSettings } from '../settings.ts';

/** The adapter that speaks the provider's protocol. Only the one that is used is loaded. */
export function connect(
  settings: ProviderSettings,
  fetch: typeof globalThis.fetch,
): Promise<LanguageModelV4> {
  return ADAPTERS[settings.protocol](settings, fetch);
}

type Adapter = (settings: ProviderSettings, fetch: typeof globalThis.fetch) => Promise<LanguageModelV4>;

const ADAPTERS: Readonly<Record<ProviderSettings['protocol'], Adapter>> = {
  'openai-responses': async ({ baseUrl, apiKey, model }, fetch) => {
    const { createOpenAI } = await import('@ai-sdk/openai');
    return createOpenAI({ baseURL: baseUrl, apiKey: apiKey ?? '', fetch }).responses(model);
  },
  'openai-chat': async ({ baseUrl, apiKey, model, provider }, fetch) => {
    const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
    const key = apiKey === undefined ? {} : { apiKey };
    return createOpenAICompatible({
      name: provider,
      baseURL: baseUrl,
      includeUsage: true,
      fetch,
      ...key,
    }).chatModel(model);
  },
  'anthropic-messages': async ({ baseUrl, apiKey, model }, fetch) => {
    const { createAnthropic } = await import('@ai-sdk/anthropic');
    return createAnthropic({ baseURL: baseUrl, apiKey: apiKey ?? '', fetch })(model);
  },
};
