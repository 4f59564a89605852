import type { EmbeddingTrouble } from '../../core/embeddings.ts';
import { ok, type Result } from '../../core/result.ts';
import type { Embedder } from './embedder.ts';

/** A request at a time, so that questions to memory come in between. */
export async function embedAll(
  embedder: Embedder,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<Result<readonly ArrayLike<number>[], EmbeddingTrouble>> {
  const made: ArrayLike<number>[] = [];
  while (made.length < texts.length) {
    const some = batchOf(texts.slice(made.length), embedder.batch);
    const done = await embedder.embed(some, signal);
    if (!done.ok) return done;
    if (done.value.length !== some.length) return WRONG_COUNT;
    made.push(...done.value.map(({ vector }) => vector));
  }
  return ok(made);
}

const WRONG_COUNT = {
  ok: false,
  error: { kind: 'down', message: 'The model for vectors answered with another number of them.' },
} as const;

/** The first texts that fit into one request, at least one. */
function batchOf(texts: readonly string[], most: Embedder['batch']): readonly string[] {
  let characters = 0;
  const end = texts.findIndex((text, at) => {
    characters += text.length;
    return at > 0 && (at >= most.texts || characters > most.characters);
  });
  return end < 0 ? texts : texts.slice(0, end);
}
