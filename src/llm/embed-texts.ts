import type { ModelFailure } from '../core/journal.ts';
import { err, type Result } from '../core/result.ts';
import type { ModelOptions } from './create-model.ts';
import type { ModelSettings } from './settings.ts';

export interface EmbedOptions extends Pick<ModelOptions, 'readKey' | 'clock'> {
  readonly signal: AbortSignal;
  /** How many dimensions to ask for, of models that leave the choice. */
  readonly dimensions?: number;
}

/** Vectors of texts, in their order, all of one length, by an embedding model. At most 64 texts; within 30 seconds. */
export async function embedTexts(
  settings: ModelSettings,
  texts: readonly string[],
  options: EmbedOptions,
): Promise<Result<readonly (readonly number[])[], ModelFailure>> {
  if (settings.provider === 'offline') return err(NO_MODEL);
  const { fetchEmbeddings } = await import('./provider/embeddings.ts');
  return fetchEmbeddings(settings, texts, options);
}

const NO_MODEL: ModelFailure = { kind: 'unknown-model', message: 'The offline rules make no vectors.' };
