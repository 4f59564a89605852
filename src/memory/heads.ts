import type { Origin } from '../core/journal.ts';
import type { Queryable } from '../storage/index.ts';

/** The beginning of a document. */
export interface DocumentHead {
  readonly path: string;
  readonly text: string;
  /** Of the whole document. */
  readonly characters: number;
  /** Whose words, other than the user's, the document holds. */
  readonly origins: readonly Origin[];
}

/** The first so many characters of each of these documents that there is, in no order. One look at the primary key. */
export async function readHeads(
  database: Queryable,
  paths: readonly string[],
  characters: number,
): Promise<readonly DocumentHead[]> {
  const { rows } = await database.query<HeadRow>(HEADS, [paths, characters]);
  return rows.map(({ path, text, characters, origins }) => ({ path, text, characters, origins }));
}

interface HeadRow extends Record<string, unknown> {
  readonly path: string;
  readonly text: string;
  readonly characters: number;
  readonly origins: readonly Origin[];
}

const HEADS = `
  select path, left(content, $2) as text, length(content) as characters, origins
  from memory_document where path = any($1)`;
