import type { Queryable, Statement } from '../../storage/index.ts';
import { type ChunkPlace, type PlaceLists, readPlaces } from '../search/places.ts';
import type { KeptModel } from './models.ts';

export interface PendingChunk {
  readonly id: number;
  readonly text: string;
}

export interface PendingSlice {
  readonly chunks: readonly PendingChunk[];
  /** Where to go on; undefined where the end was reached. */
  readonly next: number | undefined;
}

/** Chunks that are looked at in one query: 1 to 3 ms. */
const SLICE = 2000;

/** At most so many chunks behind `after` that have no vector of the model. */
export async function readPending(
  database: Queryable,
  { id }: KeptModel,
  after: number,
  limit: number,
): Promise<PendingSlice> {
  const { rows } = await database.query<{ id: number; text: string | null; last: number; count: number }>(
    PENDING,
    [id, after, limit],
  );
  const [first] = rows;
  if (!first) return { chunks: [], next: undefined };
  const chunks = rows.flatMap(({ id, text }) => (text === null ? [] : [{ id, text }]));
  if (chunks.length === limit) return { chunks, next: chunks.at(-1)?.id };
  return { chunks, next: first.count < SLICE ? undefined : first.last };
}

/** A slice by its ids alone, so that a long memory without gaps is not read again and again from its beginning. */
const PENDING = `
  with slice as materialized (
    select id from memory_chunk where id > $2 order by id limit ${SLICE}
  ), bounds as (
    select max(id) as last, count(*) as count from slice
  ), pending as (
    select s.id from slice s
     where not exists (select from memory_embedding e where e.model_id = $1 and e.chunk_id = s.id)
     order by s.id limit $3
  )
  select c.id, c.text, b.last, b.count from bounds b
    left join pending p on true left join memory_chunk c on c.id = p.id
   where b.last is not null
   order by c.id`;

/** Vectors to be stored: of each chunk so many bytes, one after the other. */
export interface NewVectors {
  readonly ids: readonly number[];
  readonly dimensions: number;
  readonly vectors: Int8Array;
}

/** Stores vectors, but not of chunks that have gone or have one meanwhile. */
export function storeStatement({ id }: KeptModel, { ids, dimensions, vectors }: NewVectors): Statement {
  return {
    sql: `with alive as (
            select c.id, t.place from unnest($2::bigint[]) with ordinality as t (id, place)
              join memory_chunk c on c.id = t.id for key share of c
          )
          insert into memory_embedding (model_id, chunk_id, vector)
          select $1, a.id, substring($3::bytea from ((a.place - 1) * $4)::integer + 1 for $4::integer) from alive a
          on conflict (model_id, chunk_id) do nothing`,
    params: [id, ids, bytesOf(vectors), dimensions],
  };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Int8Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

export interface Counts {
  readonly chunks: number;
  readonly embedded: number;
}

/** Counts by index alone; some 10 ms for 100,000 chunks. */
export async function countVectors(database: Queryable, { id }: KeptModel): Promise<Counts> {
  const { rows } = await database.query<{ chunks: number; embedded: number }>(
    `select (select count(*) from memory_chunk) as chunks,
            (select count(*) from memory_embedding where model_id = $1) as embedded`,
    [id],
  );
  return rows[0] ?? { chunks: 0, embedded: 0 };
}

/** The highest id a chunk has, 0 where there is none: new texts have higher ones. */
export async function lastChunk(database: Queryable): Promise<number> {
  const { rows } = await database.query<{ last: number | null }>('select max(id) as last from memory_chunk');
  return rows[0]?.last ?? 0;
}

/** Vectors as they travel: chunks, and their bytes one after the other. */
export interface VectorSlice {
  readonly ids: readonly number[];
  readonly vectors: Int8Array;
}

interface SliceRow extends Record<string, unknown> {
  readonly ids: readonly number[] | null;
  readonly vectors: Uint8Array | null;
}

/** The next so many vectors behind a chunk, by its id. */
export async function readVectors(
  database: Queryable,
  { id }: KeptModel,
  after: number,
  limit: number,
): Promise<VectorSlice> {
  const { rows } = await database.query<SliceRow>(
    `select array_agg(chunk_id order by chunk_id) as ids, string_agg(vector, ''::bytea order by chunk_id) as vectors
     from (select chunk_id, vector from memory_embedding
            where model_id = $1 and chunk_id > $2 order by chunk_id limit $3) as s`,
    [id, after, limit],
  );
  return sliceOf(rows[0]);
}

/**
 * A moment in the order of transactions: what commits after it is found by `readNewVectors`, and some that was there
 * before.
 */
export async function readHorizon(database: Queryable): Promise<string> {
  const { rows } = await database.query<{ horizon: string }>(
    'select pg_snapshot_xmin(pg_current_snapshot())::text as horizon',
  );
  return rows[0]?.horizon ?? '0';
}

export interface NewSlice extends VectorSlice {
  /** The horizon at this moment. */
  readonly horizon: string;
  /** Transaction of the last of them; undefined where there are none. */
  readonly written: string | undefined;
}

/** The next so many vectors that were written since a horizon, behind a chunk of its transaction. */
export async function readNewVectors(
  database: Queryable,
  { id }: KeptModel,
  { horizon, after }: Since,
  limit: number,
): Promise<NewSlice> {
  const { rows } = await database.query<NewRow>(NEW, [id, horizon, after, limit]);
  return newSliceOf(rows[0], horizon);
}

export interface Since {
  readonly horizon: string;
  readonly after: number;
}

interface NewRow extends SliceRow {
  readonly horizon: string;
  readonly written: string | null;
}

const NEW = `
  select array_agg(chunk_id order by written, chunk_id) as ids,
         string_agg(vector, ''::bytea order by written, chunk_id) as vectors,
         max(written)::text as written, pg_snapshot_xmin(pg_current_snapshot())::text as horizon
    from (select chunk_id, vector, written from memory_embedding
           where model_id = $1 and (written, chunk_id) > ($2::text::xid8, $3::bigint)
           order by written, chunk_id limit $4) as s`;

const newSliceOf = (row: NewRow | undefined, horizon: string): NewSlice => ({
  ...sliceOf(row),
  horizon: row?.horizon ?? horizon,
  written: row?.written ?? undefined,
});

function sliceOf(row: SliceRow | undefined): VectorSlice {
  const bytes = row?.vectors ?? new Uint8Array();
  return {
    ids: row?.ids ?? [],
    vectors: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  };
}

export interface Standing {
  /** Those of the chunks asked about that still have a vector. */
  readonly there: ReadonlySet<number>;
  /** Of those, where they stand that lie beneath the folder. */
  readonly places: readonly ChunkPlace[];
  /** What was written meanwhile. */
  readonly fresh: NewSlice;
}

/** What the database says of chunks that were found in memory, and what has come since. One statement. */
export async function readStanding(
  database: Queryable,
  { id }: KeptModel,
  {
    ids,
    folder,
    since,
  }: { readonly ids: readonly number[]; readonly folder: string | undefined; readonly since: Since },
  limit: number,
): Promise<Standing> {
  const params = [id, since.horizon, since.after, limit, ids, folder ?? ''];
  const { rows } = await database.query<StandingRow>(STANDING, params);
  const there = new Set(rows[0]?.there);
  const places = readPlaces(rows[0]?.places ?? null).filter(({ chunkId }) => there.has(chunkId));
  return { there, places, fresh: newSliceOf(rows[0], since.horizon) };
}

interface StandingRow extends NewRow {
  readonly there: readonly number[] | null;
  readonly places: PlaceLists;
}

const STANDING = `
  select fresh.*, memory_places($5::bigint[], $6::text) as places,
         (select array_agg(chunk_id) from memory_embedding
           where model_id = $1 and chunk_id = any ($5::bigint[])) as there
    from (${NEW}) as fresh`;
