import type { Origin } from '../../core/journal.ts';
import type { Queryable } from '../../storage/index.ts';

/** A chunk, but for its text. */
export interface ChunkPlace {
  readonly chunkId: number;
  readonly path: string;
  /** Which chunk of its document, from 0. */
  readonly number: number;
  /** Of its text, where it is short; 500 where they are more for sure; undefined where they were not counted. */
  readonly characters: number | undefined;
  /** Whether its document has no other. */
  readonly isAlone: boolean;
  readonly updatedAt: Date;
}

export interface ChunkText {
  readonly chunkId: number;
  readonly text: string;
  /** Whose words, other than the user's, its document and its path hold. */
  readonly origins: readonly Origin[];
}

/** As `memory_places` of the database hands them over: lists beside each other. Null where there are none. */
export type PlaceLists = {
  readonly ids: readonly number[];
  readonly paths: readonly string[];
  readonly numbers: readonly number[];
  readonly characters: readonly (number | null)[];
  readonly alone: readonly boolean[];
  readonly updated: readonly string[];
} | null;

/** In no order. */
export function readPlaces(lists: PlaceLists): readonly ChunkPlace[] {
  if (lists === null) return [];
  const { ids, paths, numbers, characters, alone, updated } = lists;
  return ids.map((chunkId, at) => ({
    chunkId,
    path: paths[at] ?? '',
    number: numbers[at] ?? 0,
    characters: characters[at] ?? undefined,
    isAlone: alone[at] ?? false,
    updatedAt: new Date(updated[at] ?? 0),
  }));
}

/** Where chunks stand, in no order; those that are gone are left out. */
export async function placesOf(database: Queryable, ids: readonly number[]): Promise<readonly ChunkPlace[]> {
  if (ids.length === 0) return [];
  const { rows } = await database.query<{ places: PlaceLists }>(PLACES, [ids]);
  return readPlaces(rows[0]?.places ?? null);
}

/** How many characters the texts of chunks have. Reads the texts. */
export async function charactersOf(
  database: Queryable,
  ids: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const { rows } = await database.query<{ id: number; characters: number }>(CHARACTERS, [ids]);
  return new Map(rows.map(({ id, characters }) => [id, characters]));
}

/** What is said in chunks, in no order; those that are gone are left out. */
export async function textsOf(database: Queryable, ids: readonly number[]): Promise<readonly ChunkText[]> {
  if (ids.length === 0) return [];
  const { rows } = await database.query<TextRow>(TEXTS, [ids]);
  return rows;
}

interface TextRow extends Record<string, unknown>, ChunkText {}

const PLACES = `select memory_places($1::bigint[], '') as places`;

const CHARACTERS =
  'select id, char_length(text) as characters from memory_chunk where id = any ($1::bigint[])';

const TEXTS = `
  select c.id as "chunkId", c.text, d.origins || d.path_origins as origins
  from memory_chunk c join memory_document d using (path) where c.id = any ($1::bigint[])`;
