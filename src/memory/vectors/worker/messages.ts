import type { Found } from './matrix.ts';

/** What the main thread wants of the vectors' thread. `space`: the vectors of one model, by its number. */
export type Request =
  | { readonly type: 'embed'; readonly texts: readonly string[] }
  | {
      readonly type: 'add';
      readonly space: number;
      readonly dimensions: number;
      readonly ids: readonly number[];
      readonly vectors: Int8Array;
    }
  | { readonly type: 'remove'; readonly space: number; readonly ids: readonly number[] }
  | { readonly type: 'nearest'; readonly space: number; readonly query: Int8Array; readonly limit: number }
  | {
      readonly type: 'similarities';
      readonly space: number;
      readonly query: Int8Array;
      readonly ids: readonly number[];
    }
  | { readonly type: 'drop'; readonly space: number };

export type Answer =
  | { readonly type: 'embedded'; readonly embedded: readonly Embedded[] }
  | { readonly type: 'found'; readonly found: Found }
  /** So many vectors are there now. */
  | { readonly type: 'done'; readonly size: number }
  | { readonly type: 'failed'; readonly message: string };

/** The vector of a text, and how well the model knows its language: see `Nearest.speaks`. */
export interface Embedded {
  readonly vector: ArrayLike<number>;
  readonly speaks: number;
}

export interface Envelope<Content> {
  readonly id: number;
  readonly content: Content;
}
