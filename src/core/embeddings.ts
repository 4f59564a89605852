import type { Result } from './result.ts';

/** Makes vectors of any texts, with the model that memory is searched with. */
export interface EmbeddingsDesk {
  /** `provider/model`, or `embedded`; undefined where vectors are off. */
  readonly model: string | undefined;
  /** One vector for each text, in their order. Nothing is kept. */
  embed(
    texts: readonly string[],
    signal: AbortSignal,
  ): Promise<Result<readonly ArrayLike<number>[], EmbeddingTrouble>>;
}

export interface EmbeddingTrouble {
  /** `refused`: one of the texts may be at fault. `down`: none of them is. */
  readonly kind: 'off' | 'refused' | 'down';
  /** For people. */
  readonly message: string;
}
