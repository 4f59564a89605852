import type { EmbeddingsDesk } from '../../core/embeddings.ts';
import type { MemoryStatus } from '../../core/memory.ts';
import type { Result } from '../../core/result.ts';
import type { ChunkPlace } from '../search/places.ts';

/**
 * The vectors of what is remembered: how near in meaning each chunk of memory lies to a question. They follow the
 * texts in the background, so a chunk may have none yet.
 */
export interface Vectors extends EmbeddingsDesk {
  /**
   * Chunks nearest in meaning, best first. Undefined where there are no vectors, or where the query's own vector is
   * not there within `waitMs`: a thread that is still loading, a provider that is slow or down.
   */
  nearest(query: string, options: NearestOptions): Promise<Nearest | undefined>;
  status(): Promise<MemoryStatus['vectors']>;
  /** Whether vectors may be missing. One query, none where vectors are off. */
  look(): Promise<boolean>;
  /**
   * Makes vectors until every chunk has one; see `Indexing.pass`. Ends with what went wrong, for people, which
   * `status` tells as well.
   */
  index(signal: AbortSignal): Promise<Result<void, string>>;
  /** Ends the thread. What is asked for afterwards starts another. */
  rest(): Promise<void>;
}

export interface NearestOptions {
  readonly limit: number;
  /** Milliseconds. */
  readonly waitMs: number;
  /** Only chunks of documents beneath this folder, written without a slash at its end. */
  readonly folder?: string;
  /** Chunks that are found otherwise, as soon as they are: how near they lie is told as well. */
  readonly beside?: Promise<readonly number[]>;
}

export interface Nearest {
  readonly candidates: readonly Candidate[];
  /** Where candidates stand, in no order: of all of them or of none. */
  readonly places: readonly ChunkPlace[];
  /** The same measure for the chunks `beside`, in their order; those without a vector are missing. */
  readonly beside: ReadonlyMap<number, number>;
  /** Share of all chunks that have a vector, 0 to 1. As of a moment ago. */
  readonly covers: number;
  /**
   * How well the model knows the words of the query, 0 (it spells them out letter by letter) to 1. Plain English has
   * 0.8 and more, names and technical terms lower it, other languages have 0 to 0.5. 1 where that is not known.
   */
  readonly speaks: number;
}

export interface Candidate {
  readonly chunkId: number;
  /** Cosine of the angle between query and chunk, -1 to 1. */
  readonly similarity: number;
}
