import type { KeptModel } from '../models.ts';
import type { Nearest } from '../vectors.ts';

/** Finds vectors near another, among those of one model. */
export interface Search {
  nearest(question: SearchQuestion): Promise<FoundNear>;
  similarities(question: SearchQuestion, chunkIds: readonly number[]): Promise<ReadonlyMap<number, number>>;
}

export type FoundNear = Pick<Nearest, 'candidates' | 'places'>;

export interface SearchQuestion {
  readonly model: KeptModel;
  /** Of the model's dimensions. */
  readonly query: Int8Array;
  readonly limit: number;
  readonly folder: string | undefined;
  /** How many vectors of the model there are, roughly. */
  readonly expected: number;
}
