import { IronbarkError } from '../../core/errors.ts';
import { type LlmConfig, type ModelSettings, PROVIDERS, resolveModel } from '../../llm/index.ts';

/** The `embeddings` section of the configuration. */
export interface EmbeddingsConfig {
  /** `embedded`, `off`, or a provider of language models. */
  readonly provider: string;
  readonly model?: string | undefined;
  readonly base_url?: string | undefined;
  readonly dimensions?: number | undefined;
}

/** An embedding model, as it is kept with the vectors it made. Holds no key that the vault or a file could hold. */
export type EmbeddingModel =
  | { readonly provider: 'embedded' }
  | {
      readonly provider: string;
      readonly model: string;
      readonly baseUrl?: string | undefined;
      readonly dimensions?: number | undefined;
    };

/** Where keys and addresses of providers are found. */
export interface ProviderPlaces {
  readonly llm: LlmConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names of the secrets in the vault. */
  readonly vaultNames: () => Promise<readonly string[]>;
}

/** What is used where only the provider is named. */
const USUAL_MODELS: Readonly<Record<string, string>> = {
  openai: 'text-embedding-3-small',
  openrouter: 'openai/text-embedding-3-small',
  ollama: 'nomic-embed-text',
  google: 'gemini-embedding-001',
  mistral: 'mistral-embed',
};

/** Undefined: vectors are off. Throws a `config` error where the model is not named and has no usual one. */
export function embeddingModelOf({
  provider,
  model,
  base_url,
  dimensions,
}: EmbeddingsConfig): EmbeddingModel | undefined {
  if (provider === 'off') return undefined;
  if (provider === 'embedded') return { provider };
  if (!(provider in PROVIDERS)) throw unknownProvider(provider);
  const named = model ?? USUAL_MODELS[provider];
  if (named === undefined) throw noModel(provider);
  return { provider, model: named, baseUrl: base_url, dimensions };
}

function unknownProvider(provider: string): IronbarkError {
  return new IronbarkError(
    'config',
    `embeddings.provider is "${provider}".`,
    `Set it to embedded, off or one of: ${Object.keys(PROVIDERS).join(', ')}.`,
  );
}

function noModel(provider: string): IronbarkError {
  return new IronbarkError(
    'config',
    `embeddings.provider is "${provider}", but no embedding model is named.`,
    'Name one in embeddings.model.',
  );
}

/** `embedded/use-lite-en`, `openai/text-embedding-3-small`; what else tells two models apart follows. */
export function embeddingModelName(model: EmbeddingModel): string {
  if (!('model' in model)) return 'embedded/use-lite-en';
  const { provider, baseUrl, dimensions } = model;
  const parts = [
    dimensions === undefined ? '' : ` ${dimensions}`,
    baseUrl === undefined ? '' : ` ${baseUrl}`,
  ];
  return `${provider}/${model.model}${parts.join('')}`;
}

/** How the provider is asked now. Throws a `config` error where key or address are missing. */
export async function providerSettings(
  model: Extract<EmbeddingModel, { model: string }>,
  { llm, env, vaultNames }: ProviderPlaces,
): Promise<ModelSettings> {
  const { provider, baseUrl } = model;
  const reference = `${provider}/${model.model}`;
  if ((llm.provider ?? env.IRONBARK_LLM_PROVIDER) === provider) {
    const config = { ...llm, base_url: baseUrl ?? llm.base_url };
    return resolveModel(reference, config, env, await vaultNames());
  }
  // General variables hold the key of another service, which this one must not see.
  const own = Object.entries(env).filter(([name]) => !name.startsWith('IRONBARK_LLM_'));
  const address = baseUrl === undefined ? [] : [[addressVariable(provider), baseUrl]];
  return resolveModel(reference, {}, Object.fromEntries([...own, ...address]), await vaultNames());
}

function addressVariable(provider: string): string {
  const known = Object.entries(PROVIDERS).find(([name]) => name === provider);
  return known?.[1].variables.baseUrl.find((name) => !name.startsWith('IRONBARK_LLM_')) ?? '';
}
