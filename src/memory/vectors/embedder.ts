import { coerceError } from '../../core/errors.ts';
import type { ModelFailure } from '../../core/journal.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { type EmbedOptions, embedTexts } from '../../llm/index.ts';
import { type EmbeddingModel, type ProviderPlaces, providerSettings } from './settings.ts';
import type { Embedded } from './worker/messages.ts';
import type { VectorThread } from './worker/thread.ts';

/** Makes vectors of texts. */
export interface Embedder {
  embed(texts: readonly string[], signal: AbortSignal): Promise<Result<readonly Embedded[], EmbedTrouble>>;
  /** Largest request, beyond one text. */
  readonly batch: { readonly texts: number; readonly characters: number };
}

export interface EmbedTrouble {
  /** One of the texts may be at fault: alone, the others may fare better. */
  readonly kind: 'refused' | 'down';
  /** For people. */
  readonly message: string;
}

export interface EmbedderParts extends ProviderPlaces, Pick<EmbedOptions, 'readKey' | 'clock'> {
  readonly thread: VectorThread;
}

export function createEmbedder(model: EmbeddingModel, parts: EmbedderParts): Embedder {
  return 'model' in model ? providerEmbedder(model, parts) : embeddedEmbedder(parts.thread);
}

/** Requests are done one after the other, so a question waits for one batch at most: the longest chunk, 80 ms. */
const EMBEDDED_BATCH = { texts: 8, characters: 1200 };

function embeddedEmbedder(thread: VectorThread): Embedder {
  return {
    batch: EMBEDDED_BATCH,
    async embed(texts) {
      try {
        const answer = await thread.ask({ type: 'embed', texts });
        return answer.type === 'embedded' ? ok(answer.embedded) : err(failed('It made no vectors.'));
      } catch (thrown) {
        return err(failed(coerceError(thrown).message));
      }
    },
  };
}

/** A text could be what it failed at. */
const failed = (why: string): EmbedTrouble => ({
  kind: 'refused',
  message: `The embedded model for vectors failed: ${why}`,
});

const PROVIDER_BATCH = { texts: 64, characters: 100_000 };

/** Some 2,000 tokens, which every embedding model reads. */
const MAX_CHARACTERS = 8000;

function providerEmbedder(
  model: Extract<EmbeddingModel, { model: string }>,
  { readKey, clock, ...places }: EmbedderParts,
): Embedder {
  const options = {
    ...(readKey === undefined ? {} : { readKey }),
    ...(clock === undefined ? {} : { clock }),
    ...(model.dimensions === undefined ? {} : { dimensions: model.dimensions }),
  };
  return {
    batch: PROVIDER_BATCH,
    async embed(texts, signal) {
      const settings = await providerSettings(model, places).catch(coerceError);
      if (settings instanceof Error) return err({ kind: 'down', message: settings.message });
      const cut = texts.map((text) => text.slice(0, MAX_CHARACTERS).toWellFormed());
      const answer = await embedTexts(settings, cut, { ...options, signal });
      if (!answer.ok) return err({ kind: kindOf(answer.error), message: answer.error.message });
      return ok(answer.value.map((vector) => ({ vector, speaks: 1 })));
    },
  };
}

const kindOf = ({ kind }: ModelFailure): EmbedTrouble['kind'] =>
  kind === 'bad-response' || kind === 'context-too-long' ? 'refused' : 'down';
