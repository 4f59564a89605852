import type { Model, ModelLimits } from '../model.ts';
import type { ProviderSettings } from '../settings.ts';
import { KNOWN_MODELS, type KnownModel } from './models.ts';
import { PROVIDERS } from './providers.ts';

/** What nearly every served model of today can do at least. */
const UNKNOWN: ModelLimits = { contextTokens: 128_000, outputTokens: 8_000, vision: false };

/** Ollama cuts prompts off at what its server was started with, whatever the model could read. */
const OLLAMA: Partial<ModelLimits> = { contextTokens: 32_000, outputTokens: 8_000 };

/**
 * What is known about a model before it is asked: limits by its name, wherever it runs; its price only where the
 * provider itself is asked for it, at its own address.
 */
export function profileOf(settings: ProviderSettings): Pick<Model, 'limits' | 'price'> {
  const name = plainModelName(settings.model);
  const known = longestMatch(name, () => true);
  const limits = known?.limits ?? UNKNOWN;
  return {
    limits: settings.provider === 'ollama' ? { ...limits, ...OLLAMA } : limits,
    price: isOwnAddress(settings)
      ? longestMatch(name, ({ providers }) => providers.includes(settings.provider))?.price
      : undefined,
  };
}

/** `anthropic/claude-sonnet-5.5:beta` is `claude-sonnet-5-5`, and `accounts/fireworks/models/gpt-oss-120b` that. */
function plainModelName(model: string): string {
  const own = model.toLowerCase().slice(model.lastIndexOf('/') + 1);
  return own.replace(/:.*$/, '').replaceAll('.', '-');
}

function longestMatch(name: string, fits: (model: KnownModel) => boolean): KnownModel | undefined {
  return KNOWN_MODELS.filter((model) => fits(model) && matches(name, model.prefix)).sort(
    (one, other) => other.prefix.length - one.prefix.length,
  )[0];
}

/** What follows may be a date or a variant, but not a further number: that would be a newer version. */
function matches(name: string, prefix: string): boolean {
  return name.startsWith(prefix) && /^(?:$|[-@](?!\d{1,2}(?:$|[-@])))/.test(name.slice(prefix.length));
}

function isOwnAddress({ provider, baseUrl }: ProviderSettings): boolean {
  return PROVIDERS[provider].baseUrl === baseUrl;
}
