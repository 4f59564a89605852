import type { ModelFailure } from '../core/journal.ts';
import type { Result } from '../core/result.ts';
import type { ModelOptions } from './create-model.ts';
import type { ModelListing } from './model-listing.ts';
import type { ModelSettings } from './settings.ts';

export interface ListOptions extends Pick<ModelOptions, 'readKey' | 'clock'> {
  readonly signal: AbortSignal;
}

/**
 * The models that the provider of these settings offers now, in alphabetical order: at most 1,000, within ten
 * seconds. Which model the settings name does not matter.
 */
export async function listModels(
  settings: ModelSettings,
  options: ListOptions,
): Promise<Result<readonly ModelListing[], ModelFailure>> {
  if (settings.provider === 'offline') return { ok: true, value: [{ model: 'offline' }] };
  const { fetchModelList } = await import('./provider/model-list.ts');
  return fetchModelList(settings, options);
}
