import { IronbarkError } from '../core/errors.ts';

/** The `llm` section of the configuration, as the user wrote it. */
export interface LlmConfig {
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly base_url?: string | undefined;
  readonly api_key?: string | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What `createModel` needs to reach a model. */
export type ModelSettings = { readonly provider: 'offline' } | ProviderSettings;

export interface ProviderSettings {
  readonly provider: ProviderName;
  readonly protocol: 'openai-responses' | 'openai-chat' | 'anthropic-messages';
  readonly model: string;
  /** Without a slash at its end; the protocol's own paths are appended. */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  /** Where each value is set, or would be, for messages that tell the user what to check. */
  readonly sources: Readonly<Record<Field, string>>;
}

type ProviderName = 'openai' | 'anthropic' | 'ollama' | 'openai-compatible';

type Field = 'apiKey' | 'baseUrl' | 'model';

interface Provider {
  /** Environment variables, the first that is set counts. */
  readonly variables: Readonly<Record<Field, readonly [string, ...string[]]>>;
  readonly baseUrl: string | undefined;
  readonly model: string;
  readonly keyRequired: boolean;
}

/** In the order in which the environment chooses among them. */
const PROVIDERS: Readonly<Record<ProviderName, Provider>> = {
  'openai-compatible': {
    variables: {
      apiKey: ['IRONBARK_LLM_API_KEY', 'LLM_API_KEY'],
      baseUrl: ['IRONBARK_LLM_BASE_URL', 'LLM_BASE_URL'],
      model: ['IRONBARK_LLM_MODEL', 'LLM_MODEL'],
    },
    baseUrl: undefined,
    // Servers of a single model answer to any name; the others say in their answer that they want one.
    model: 'default',
    keyRequired: false,
  },
  openai: {
    variables: { apiKey: ['OPENAI_API_KEY'], baseUrl: ['OPENAI_BASE_URL'], model: ['OPENAI_MODEL'] },
    baseUrl: 'https://api.openai.com/v1',
    model: 'gpt-6-luna',
    keyRequired: true,
  },
  anthropic: {
    variables: {
      apiKey: ['ANTHROPIC_API_KEY'],
      baseUrl: ['ANTHROPIC_BASE_URL'],
      model: ['ANTHROPIC_MODEL'],
    },
    baseUrl: 'https://api.anthropic.com/v1',
    model: 'claude-sonnet-5-5',
    keyRequired: true,
  },
  ollama: {
    variables: { apiKey: ['OLLAMA_API_KEY'], baseUrl: ['OLLAMA_HOST'], model: ['OLLAMA_MODEL'] },
    baseUrl: 'http://127.0.0.1:11434/v1',
    model: 'qwen3',
    keyRequired: false,
  },
};

const CONFIG_KEYS = { apiKey: 'api_key', baseUrl: 'base_url', model: 'model' } as const;

/** The configuration's keys as environment variables: they go before those of any provider. */
const GENERAL_VARIABLES = {
  apiKey: 'IRONBARK_LLM_API_KEY',
  baseUrl: 'IRONBARK_LLM_BASE_URL',
  model: 'IRONBARK_LLM_MODEL',
} as const;

/**
 * Decides which model to use. The configuration beats the environment; with neither, the answer is offline.
 * An empty value counts as absent.
 *
 * @throws IronbarkError of kind `config` where they contradict themselves or miss what the provider needs.
 */
export function selectModel(config: LlmConfig, env: Environment): ModelSettings {
  const provider = chooseProvider(config, env);
  return provider === 'offline' ? { provider } : resolve(provider, config, env);
}

function chooseProvider(config: LlmConfig, env: Environment): ProviderName | 'offline' {
  const named = config.provider || env.IRONBARK_LLM_PROVIDER;
  if (named) return parseProvider(named);
  if (config.base_url || env.IRONBARK_LLM_BASE_URL || env.LLM_BASE_URL) return 'openai-compatible';
  if (env.OPENAI_API_KEY || env.OPENAI_BASE_URL) return 'openai';
  if (env.ANTHROPIC_API_KEY) return 'anthropic';
  if (env.OLLAMA_HOST) return 'ollama';
  if (config.api_key || env.IRONBARK_LLM_API_KEY) throw keyWithoutProvider();
  return 'offline';
}

function parseProvider(name: string): ProviderName | 'offline' {
  const normal = name.trim().toLowerCase().replaceAll('_', '-');
  if (normal === 'offline' || isProvider(normal)) return normal;
  throw new IronbarkError(
    'config',
    `Unknown language model provider "${name}".`,
    `Set llm.provider to one of ${[...Object.keys(PROVIDERS), 'offline'].join(', ')}. For any other service with an OpenAI-compatible interface use openai-compatible and set llm.base_url.`,
  );
}

function isProvider(name: string): name is ProviderName {
  return Object.hasOwn(PROVIDERS, name);
}

function keyWithoutProvider(): IronbarkError {
  return new IronbarkError(
    'config',
    'A key for a language model is set, but not whose key it is.',
    'Set llm.provider (or IRONBARK_LLM_PROVIDER) to openai or anthropic, or llm.base_url (or IRONBARK_LLM_BASE_URL) to the address of the service.',
  );
}

function resolve(name: ProviderName, config: LlmConfig, env: Environment): ProviderSettings {
  const provider = PROVIDERS[name];
  const apiKey = lookUp('apiKey', provider, config, env);
  const model = lookUp('model', provider, config, env);
  const url = lookUp('baseUrl', provider, config, env);
  if (!url.value && !provider.baseUrl) throw missing(name, 'an address', url.source, 'llm.base_url');
  const baseUrl = url.value ? parseBaseUrl(url.value, url.source, name) : (provider.baseUrl ?? '');
  // Servers that only imitate a provider often want no key.
  const keyRequired = provider.keyRequired && baseUrl === provider.baseUrl;
  if (keyRequired && !apiKey.value) throw missing(name, 'a key', apiKey.source, 'llm.api_key');
  return {
    provider: name,
    protocol: protocolOf(name, baseUrl),
    model: model.value ?? provider.model,
    baseUrl,
    apiKey: apiKey.value,
    sources: { apiKey: apiKey.source, baseUrl: url.source, model: model.source },
  };
}

function lookUp(
  field: Field,
  { variables }: Provider,
  config: LlmConfig,
  env: Environment,
): { value: string | undefined; source: string } {
  const key = CONFIG_KEYS[field];
  const configured = config[key]?.trim();
  if (configured) return { value: configured, source: `llm.${key}` };
  const names = [GENERAL_VARIABLES[field], ...variables[field]];
  const variable = names.find((name) => env[name]?.trim()) ?? variables[field][0];
  return { value: env[variable]?.trim() || undefined, source: variable };
}

function missing(name: ProviderName, what: string, variable: string, key: string): IronbarkError {
  return new IronbarkError(
    'config',
    `The language model provider ${name} needs ${what}, and none is set.`,
    `Set ${variable} in the environment or ${key} in config.toml.`,
  );
}

/** OpenAI's newer models refuse tools on the older interface, which is the only one that imitations have. */
function protocolOf(name: ProviderName, baseUrl: string): ProviderSettings['protocol'] {
  if (name === 'anthropic') return 'anthropic-messages';
  return name === 'openai' && baseUrl === PROVIDERS.openai.baseUrl ? 'openai-responses' : 'openai-chat';
}

/** Takes an address as people write it: without a scheme (`localhost:11434`), without `/v1`, or with a full path. */
function parseBaseUrl(text: string, source: string, name: ProviderName): string {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new IronbarkError(
      'config',
      `The address of the language model in ${source} is not a web address: "${text}".`,
      'Write it like http://localhost:8080/v1.',
    );
  }
  if (name === 'ollama') completeOllamaHost(url, text);
  const path = url.pathname.replace(/\/+$/, '').replace(/\/(chat\/completions|responses|messages)$/, '');
  url.pathname = path === '' ? '/v1' : path;
  return url.href.replace(/\/$/, '');
}

/** Ollama's own variable names where the server listens: any address, and a port that may be left out. */
function completeOllamaHost(url: URL, text: string): void {
  if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = '127.0.0.1';
  if (url.port === '' && !text.includes('://')) url.port = '11434';
}
