import type { KeptModel } from '../models.ts';
import type { Candidate } from '../vectors.ts';

/** Finds vectors near another, among those of one model. */
export interface Search {
  /** Best first. */
  nearest(question: SearchQuestion): Promise<readonly Candidate[]>;
  similarities(question: SearchQuestion, chunkIds: readonly number[]): Promise<ReadonlyMap<number, number>>;
}

export interface SearchQuestion {
  readonly model: KeptModel;
  /** Of the model's dimensions. */
  readonly query: Int8Array;
  readonly limit: number;
  readonly folder: string | undefined;
  /** How many vectors of the model there are, roughly. */
  readonly expected: number;
}
