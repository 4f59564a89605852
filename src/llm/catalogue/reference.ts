import { IronbarkError } from '../../core/errors.ts';
import { isProviderName, PROVIDER_NAMES, type ProviderName } from './providers.ts';

/** A model as people name it: `openai/gpt-6-luna`, `openrouter/anthropic/claude-sonnet-5.5`, `ollama`, `offline`. */
export type ModelReference =
  | { readonly provider: 'offline' }
  /** Without a model: the provider's default. */
  | { readonly provider: ProviderName; readonly model: string | undefined };

/**
 * Reads `provider/model`. The first slash divides; everything after it is the provider's own name of the model.
 *
 * @throws IronbarkError of kind `config` where there is no such provider.
 */
export function parseModelReference(text: string): ModelReference {
  const [name = '', ...rest] = text.trim().split('/');
  const provider = parseProviderName(name, text);
  const model = rest.join('/').trim();
  return provider === 'offline' ? { provider } : { provider, model: model || undefined };
}

/** @throws IronbarkError of kind `config` where there is no such provider. */
export function parseProviderName(name: string, written = name): ProviderName | 'offline' {
  const normal = normalName(name);
  if (normal === 'offline' || isProviderName(normal)) return normal;
  throw new IronbarkError(
    'config',
    `Unknown language model provider "${written.slice(0, 200)}".`,
    `Name one of ${[...PROVIDER_NAMES, 'offline'].join(', ')}, and its model after a slash: openai/gpt-6-luna. For any other service with an OpenAI-compatible interface set llm.provider to openai-compatible and llm.base_url to its address.`,
  );
}

/** The provider that a reference begins with, where it is one. */
export function providerIn(reference: string): ProviderName | undefined {
  const [name = '', ...rest] = reference.split('/');
  const normal = normalName(name);
  return rest.length > 0 && isProviderName(normal) ? normal : undefined;
}

function normalName(name: string): string {
  return name.trim().toLowerCase().replaceAll('_', '-');
}
