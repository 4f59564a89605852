import { IronbarkError } from '../core/errors.ts';
import type { ModelProvider } from '../core/models.ts';
import { PROVIDER_NAMES, PROVIDERS, type Provider, type ProviderName } from './catalogue/providers.ts';
import { type Environment, type LlmConfig, resolveModel } from './settings.ts';

/** What is known of a provider without asking it. */
export type ProviderState = Omit<ModelProvider, 'current'>;

/**
 * Every provider, in the order of the catalogue, and whether it could be asked with what is configured. Costs
 * microseconds for each.
 *
 * @param keyNames names of the secrets in the vault, in any case.
 */
export function providerStates(
  config: LlmConfig,
  env: Environment,
  keyNames: readonly string[],
): readonly ProviderState[] {
  const vault = new Set(keyNames.map((name) => name.toLowerCase()));
  const isSet = (name: string): boolean => Boolean(env[name]?.trim()) || vault.has(name.toLowerCase());
  return PROVIDER_NAMES.map((name) => stateOf(name, { config, env, keyNames, isSet }));
}

interface Known {
  readonly config: LlmConfig;
  readonly env: Environment;
  readonly keyNames: readonly string[];
  readonly isSet: (variable: string) => boolean;
}

function stateOf(name: ProviderName, { config, env, keyNames, isSet }: Known): ProviderState {
  const provider: Provider = PROVIDERS[name];
  const isHome = config.provider === name || (name === 'openai-compatible' && config.base_url !== undefined);
  const ownKey = provider.variables.apiKey.some(isSet) || (isHome && Boolean(config.api_key));
  const ownAddress = provider.variables.baseUrl.some(isSet) || (isHome && Boolean(config.base_url));
  const resolved = attempt(() => resolveModel(name, config, env, keyNames));
  const isConfigured = ownAddress || (ownKey && (provider.keyRequired || isHome)) || isHome;
  const baseUrl = 'baseUrl' in resolved ? resolved.baseUrl : (provider.baseUrl ?? null);
  return {
    name,
    label: provider.label,
    configured: isConfigured,
    available: !(resolved instanceof IronbarkError),
    reason: reasonFor(provider, resolved, isConfigured, baseUrl),
    local: isLocal(baseUrl),
    keyRequired: provider.keyRequired,
    keySecret: provider.variables.apiKey[0],
    keyIsSet: ownKey,
    baseUrl,
    defaultModel: provider.model,
  };
}

function reasonFor(
  provider: Provider,
  resolved: object,
  isConfigured: boolean,
  baseUrl: string | null,
): string | null {
  if (resolved instanceof IronbarkError) return resolved.explanation;
  if (isConfigured || provider.keyRequired) return null;
  return `Its server has to run at ${baseUrl}.`;
}

const isLocal = (baseUrl: string | null): boolean =>
  baseUrl !== null && /^https?:\/\/(localhost|127\.|\[::1\])/.test(baseUrl);

function attempt<T>(work: () => T): T | IronbarkError {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof IronbarkError) return thrown;
    throw thrown;
  }
}
