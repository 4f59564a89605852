import type { Row } from './row.ts';

/** Rows that are drawn together, or not at all while they are far from what is seen. */
export interface Block {
  readonly key: number;
  readonly rows: readonly Row[];
}

const ENTRIES = 16;

/** By the numbers of their entries, so that earlier rows that come in leave the later blocks as they were. */
export function blocksOf(rows: readonly Row[]): readonly Block[] {
  const groups = Map.groupBy(rows, keyOf);
  return [...groups].map(([key, group]) => ({ key, rows: group }));
}

export const keyOf = ({ seq }: { readonly seq: number }): number => Math.floor(seq / ENTRIES);
