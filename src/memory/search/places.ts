import type { Origin } from '../../core/journal.ts';
import type { Queryable } from '../../storage/index.ts';

/** A chunk, but for its text. */
export interface ChunkPlace {
  readonly id: number;
  readonly path: string;
  /** Which chunk of its document, from 0. */
  readonly number: number;
  readonly characters: number;
  /** Whether its document has no other. */
  readonly isAlone: boolean;
  readonly updatedAt: Date;
}

export interface ChunkText {
  readonly id: number;
  readonly text: string;
  /** Whose words, other than the user's, its document and its path hold. */
  readonly origins: readonly Origin[];
}

/** Where chunks stand, in no order; those that are gone are left out. A look at two keys for each. */
export async function placesOf(database: Queryable, ids: readonly number[]): Promise<readonly ChunkPlace[]> {
  if (ids.length === 0) return [];
  const { rows } = await database.query<PlaceRow>(PLACES, [ids]);
  return rows;
}

/** What is said in chunks, in no order; those that are gone are left out. */
export async function textsOf(database: Queryable, ids: readonly number[]): Promise<readonly ChunkText[]> {
  if (ids.length === 0) return [];
  const { rows } = await database.query<TextRow>(TEXTS, [ids]);
  return rows;
}

interface PlaceRow extends Record<string, unknown>, ChunkPlace {}
interface TextRow extends Record<string, unknown>, ChunkText {}

const PLACES = `
  select c.id, c.path, c.number, char_length(c.text) as characters, d.updated_at as "updatedAt",
         c.number = 0 and coalesce((
           select false from memory_chunk o where o.path = c.path and o.number = 1), true) as "isAlone"
  from memory_chunk c join memory_document d using (path) where c.id = any ($1::bigint[])`;

const TEXTS = `
  select c.id, c.text, d.origins || d.path_origins as origins
  from memory_chunk c join memory_document d using (path) where c.id = any ($1::bigint[])`;
