import { IronbarkError } from '../core/errors.ts';
import { parseBaseUrl } from './catalogue/base-url.ts';
import {
  PROVIDER_NAMES,
  PROVIDERS,
  type Protocol,
  type Provider,
  type ProviderName,
  type SettingField,
} from './catalogue/providers.ts';
import {
  type ModelReference,
  parseModelReference,
  parseProviderName,
  providerIn,
} from './catalogue/reference.ts';
import type { ThinkingLevel } from './model.ts';

/** The `llm` section of the configuration, as the user wrote it. */
export interface LlmConfig {
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly base_url?: string | undefined;
  readonly api_key?: string | undefined;
  /** References of the models that are asked when the first fails, in this order. */
  readonly fallback?: readonly string[] | undefined;
  /** Reference of the model for what the user does not see: summaries, titles, routing. */
  readonly cheap_model?: string | undefined;
  readonly thinking?: ThinkingLevel | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What `createModel` needs to reach a model. */
export type ModelSettings = { readonly provider: 'offline' } | ProviderSettings;

export interface ProviderSettings {
  readonly provider: ProviderName;
  readonly protocol: Protocol;
  readonly model: string;
  /** Without a slash at its end; the protocol's own paths are appended. */
  readonly baseUrl: string;
  /** From the configuration or the environment. */
  readonly apiKey: string | undefined;
  /** Name of the secret of the vault that is the key, read whenever a request is sent; goes before `apiKey`. */
  readonly vaultKey?: string;
  /** Where each value is set, or would be, for messages that tell the user what to check. */
  readonly sources: Readonly<Record<SettingField, string>>;
}

/** Which models to ask. */
export interface ModelPlan {
  /** The preferred one, then those that are asked when it fails. */
  readonly main: readonly [ModelSettings, ...ModelSettings[]];
  /** For what the user does not see; empty: the main ones. */
  readonly cheap: readonly ModelSettings[];
  readonly thinking: ThinkingLevel | undefined;
}

/** What the user chose while the assistant ran. */
export interface StoredChoice {
  /** A reference, `provider/model`. */
  readonly model?: string;
  readonly thinking?: ThinkingLevel;
}

/** `openai/gpt-6-luna`, or `offline`. Names a model for people, and tells two candidates apart. */
export function modelName(settings: ModelSettings): string {
  return settings.provider === 'offline' ? 'offline' : `${settings.provider}/${settings.model}`;
}

/** Where values are looked for. */
interface Places {
  readonly config: LlmConfig;
  readonly env: Environment;
  /** Names of the vault's secrets, in lower case. */
  readonly vault: ReadonlySet<string>;
  /** Whose values the general settings (`llm.api_key`, `IRONBARK_LLM_API_KEY`, …) are. */
  readonly home: ProviderName | 'offline' | undefined;
}

/**
 * Decides which models to use. What is stored beats the configuration, which beats the environment; a key in the
 * vault counts like its variable in the environment, and before it. With nothing at all the answer is offline. An
 * empty value counts as absent.
 *
 * @param keyNames names of the secrets in the vault, in any case.
 * @throws IronbarkError of kind `config` where they contradict themselves, miss what a provider needs, or where what
 * is stored cannot be used any more: ask again without it then.
 */
export function selectModels(
  config: LlmConfig,
  env: Environment,
  stored: StoredChoice | undefined,
  keyNames: readonly string[],
): ModelPlan {
  const vault = new Set(keyNames.map((name) => name.toLowerCase()));
  const home = homeProvider({ config, env, vault });
  const places: Places = { config, env, vault, home };
  const resolve = (reference: string): ModelSettings =>
    resolveReference(parseModelReference(reference), places);
  const preferred = stored?.model ? resolve(stored.model) : resolveHome(places);
  const cheap = config.cheap_model || env.IRONBARK_LLM_CHEAP_MODEL?.trim();
  return {
    main: [preferred, ...others(fallbackOf(config, env).map(resolve), preferred)],
    cheap: cheap ? [resolve(cheap)] : [],
    thinking: stored?.thinking ?? thinkingOf(config, env),
  };
}

/**
 * The settings of one model that a person names, with the keys and addresses that are there for it.
 *
 * @throws IronbarkError of kind `config`, like `selectModels`.
 */
export function resolveModel(
  reference: string,
  config: LlmConfig,
  env: Environment,
  keyNames: readonly string[],
): ModelSettings {
  const vault = new Set(keyNames.map((name) => name.toLowerCase()));
  const home = homeProvider({ config, env, vault });
  return resolveReference(parseModelReference(reference), { config, env, vault, home });
}

function fallbackOf(config: LlmConfig, env: Environment): readonly string[] {
  const listed = config.fallback ?? env.IRONBARK_LLM_FALLBACK?.split(',') ?? [];
  return listed.map((reference) => reference.trim()).filter((reference) => reference !== '');
}

/** Each once, and not what is already the first choice. */
function others(settings: readonly ModelSettings[], preferred: ModelSettings): ModelSettings[] {
  const unique = new Map(settings.map((one) => [modelName(one), one]));
  unique.delete(modelName(preferred));
  return [...unique.values()];
}

const THINKING_LEVELS: readonly ThinkingLevel[] = ['off', 'low', 'medium', 'high'];

function thinkingOf(config: LlmConfig, env: Environment): ThinkingLevel | undefined {
  const text = config.thinking || env.IRONBARK_LLM_THINKING?.trim().toLowerCase();
  const level = THINKING_LEVELS.find((known) => known === text);
  if (level || !text) return level;
  throw new IronbarkError(
    'config',
    `IRONBARK_LLM_THINKING is "${text.slice(0, 100)}".`,
    `Set it to one of ${THINKING_LEVELS.join(', ')}.`,
  );
}

type WithoutHome = Omit<Places, 'home'>;

/** Undefined: there is a key, and nothing says whose. */
function homeProvider(places: WithoutHome): ProviderName | 'offline' | undefined {
  const { config, env } = places;
  const named = config.provider || env.IRONBARK_LLM_PROVIDER;
  if (named) return parseProviderName(named);
  if (config.base_url) return 'openai-compatible';
  const found = PROVIDER_NAMES.find((name) => isChosen(PROVIDERS[name], places));
  if (found === undefined || !hasAddress(PROVIDERS[found], env)) {
    const meant = providerIn(generalModel(places) ?? '');
    if (meant) return meant;
  }
  if (found) return found;
  return config.api_key || env.IRONBARK_LLM_API_KEY ? undefined : 'offline';
}

function isChosen({ chosenBy, variables }: Provider, { env, vault }: WithoutHome): boolean {
  return chosenBy.some((field) =>
    variables[field].some((name) => env[name] || (field === 'apiKey' && vault.has(name.toLowerCase()))),
  );
}

function hasAddress({ variables }: Provider, env: Environment): boolean {
  return variables.baseUrl.some((name) => env[name]);
}

function generalModel({ config, env }: WithoutHome): string | undefined {
  return config.model?.trim() || env.IRONBARK_LLM_MODEL?.trim();
}

function resolveHome(places: Places): ModelSettings {
  const { home } = places;
  if (home === undefined) throw keyWithoutProvider();
  return resolveReference(
    home === 'offline' ? { provider: home } : { provider: home, model: undefined },
    places,
  );
}

function keyWithoutProvider(): IronbarkError {
  return new IronbarkError(
    'config',
    'A key for a language model is set, but not whose key it is.',
    'Set llm.provider (or IRONBARK_LLM_PROVIDER) to openai or anthropic, or llm.base_url (or IRONBARK_LLM_BASE_URL) to the address of the service.',
  );
}

function resolveReference(reference: ModelReference, places: Places): ModelSettings {
  if (reference.provider === 'offline') return reference;
  const name = reference.provider;
  const provider = PROVIDERS[name];
  const key = lookUp('apiKey', name, places);
  const model = lookUp('model', name, places);
  const url = lookUp('baseUrl', name, places);
  if (!url.value && !provider.baseUrl) throw missing(name, 'an address', 'baseUrl', url.source, places);
  const baseUrl = url.value ? parseBaseUrl(url.value, url.source, name) : (provider.baseUrl ?? '');
  // Servers that only imitate a provider often want no key.
  const keyRequired = provider.keyRequired && baseUrl === provider.baseUrl;
  const hasKey = key.value !== undefined || key.vaultKey !== undefined;
  if (keyRequired && !hasKey) throw missing(name, 'a key', 'apiKey', key.source, places);
  return {
    provider: name,
    protocol: protocolOf(name, baseUrl),
    model: reference.model ?? withoutProvider(model.value, places) ?? provider.model,
    baseUrl,
    apiKey: key.value,
    ...(key.vaultKey === undefined ? {} : { vaultKey: key.vaultKey }),
    sources: { apiKey: key.source, baseUrl: url.source, model: model.source },
  };
}

/** The model's own name, where what is configured is a reference because no provider is named beside it. */
function withoutProvider(model: string | undefined, { config, env, home }: Places): string | undefined {
  const named = config.provider || env.IRONBARK_LLM_PROVIDER || config.base_url;
  if (model === undefined || named || home === undefined || home === 'offline') return model;
  const literal = hasAddress(PROVIDERS[home], env) || providerIn(model) !== home;
  return literal ? model : model.slice(model.indexOf('/') + 1).trim() || undefined;
}

const CONFIG_KEYS = { apiKey: 'api_key', baseUrl: 'base_url', model: 'model' } as const;

/** The configuration's keys as environment variables: they go before those of any provider. */
const GENERAL_VARIABLES = {
  apiKey: 'IRONBARK_LLM_API_KEY',
  baseUrl: 'IRONBARK_LLM_BASE_URL',
  model: 'IRONBARK_LLM_MODEL',
} as const;

interface Found {
  readonly value: string | undefined;
  readonly vaultKey?: string;
  readonly source: string;
}

function lookUp(field: SettingField, name: ProviderName, { config, env, vault, home }: Places): Found {
  const general = name === home;
  const key = CONFIG_KEYS[field];
  const configured = general ? config[key]?.trim() : undefined;
  if (configured) return { value: configured, source: `llm.${key}` };
  for (const variable of variablesFor(field, name, general)) {
    if (field === 'apiKey' && vault.has(variable.toLowerCase())) return fromVault(variable);
    const value = env[variable]?.trim();
    if (value) return { value, source: variable };
  }
  return { value: undefined, source: PROVIDERS[name].variables[field][0] };
}

/** The key of one service never goes to another, so general variables count for the provider that they go with. */
function variablesFor(field: SettingField, name: ProviderName, general: boolean): readonly string[] {
  const own = PROVIDERS[name].variables[field].filter((variable) => variable !== GENERAL_VARIABLES[field]);
  return general ? [GENERAL_VARIABLES[field], ...own] : own;
}

function fromVault(variable: string): Found {
  return { value: undefined, vaultKey: variable, source: `the secret ${variable}` };
}

function missing(
  name: ProviderName,
  what: string,
  field: 'apiKey' | 'baseUrl',
  variable: string,
  { home }: Places,
): IronbarkError {
  const inConfig = name === home ? ` or llm.${CONFIG_KEYS[field]} in config.toml` : '';
  const inVault = field === 'apiKey' ? `, or keep it in the vault: ironbark secrets set ${variable}` : '';
  return new IronbarkError(
    'config',
    `The language model provider ${name} needs ${what}, and none is set.`,
    `Set ${variable} in the environment${inConfig}${inVault}.`,
  );
}

/** OpenAI's newer models refuse tools on the older interface, which is the only one that imitations have. */
function protocolOf(name: ProviderName, baseUrl: string): Protocol {
  const { protocol, baseUrl: own } = PROVIDERS[name];
  return protocol === 'openai-responses' && baseUrl !== own ? 'openai-chat' : protocol;
}
