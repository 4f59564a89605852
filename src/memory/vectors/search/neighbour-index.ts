import type { Database, Queryable, Statement } from '../../../storage/index.ts';
import type { KeptModel } from '../models.ts';
import type { NewVectors } from '../rows.ts';
import type { Candidate } from '../vectors.ts';
import type { Search, SearchQuestion } from './search.ts';

/**
 * Vectors in pgvector's own form with an HNSW index, one table for each model, beside the bytes that every database
 * keeps: on a PostgreSQL server that has the extension, in a version that can filter while it searches (0.8). Table and
 * index are made while there are no vectors, so nothing ever waits for an index to be built.
 */

/** The most that the index takes of half-precision vectors. */
const MAX_DIMENSIONS = 4000;

const OLDEST_VERSION = [0, 8];

const tableOf = ({ id }: KeptModel): string => `memory_vector_${id}`;

/** Makes table and index, unless they are there. False where this database cannot have them. */
export async function prepareIndex(
  database: Database,
  model: KeptModel,
  dimensions: number,
): Promise<boolean> {
  if (database.kind !== 'postgres' || dimensions > MAX_DIMENSIONS) return false;
  if (!(await hasExtension(database))) return false;
  await database.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1::bigint)', [INDEX_LOCK]);
    const table = tableOf(model);
    await tx.query(
      `create table if not exists ${table} (
         chunk_id bigint primary key references memory_chunk (id) on delete cascade,
         vector   halfvec(${Math.trunc(dimensions)}) not null
       )`,
    );
    await tx.query(
      `create index if not exists ${table}_nearest on ${table} using hnsw (vector halfvec_cosine_ops)`,
    );
  });
  return true;
}

/** Two programs that start at once wait for each other. Any number that nothing else takes: "vector" on a keypad. */
const INDEX_LOCK = 832_867;

/** Makes the extension where it is installed on the server and this user may. */
async function hasExtension(database: Database): Promise<boolean> {
  const { rows } = await database.query<{ offered: string | null; installed: string | null }>(
    `select default_version as offered, installed_version as installed
     from pg_available_extensions where name = 'vector'`,
  );
  const version = rows[0]?.installed ?? rows[0]?.offered;
  if (!isRecent(version)) return false;
  if (rows[0]?.installed) return true;
  return database.query('create extension if not exists vector').then(
    () => true,
    () => false,
  );
}

function isRecent(version: string | null | undefined): boolean {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  const [oldMajor = 0, oldMinor = 0] = OLDEST_VERSION;
  return major > oldMajor || (major === oldMajor && minor >= oldMinor);
}

/** Goes with the statement that stores the bytes. */
export function indexStatement(model: KeptModel, { ids, dimensions, vectors }: NewVectors): Statement {
  return {
    sql: `with alive as (
            select c.id, t.vector from unnest($1::bigint[], $2::text[]) as t (id, vector)
              join memory_chunk c on c.id = t.id for key share of c
          )
          insert into ${tableOf(model)} (chunk_id, vector) select id, vector::halfvec from alive
          on conflict (chunk_id) do nothing`,
    params: [
      ids,
      ids.map((_, row) => vectorText(vectors.subarray(row * dimensions, (row + 1) * dimensions))),
    ],
  };
}

const vectorText = (vector: Int8Array): string => `[${vector.join(',')}]`;

/** Chunks with a vector that the index does not have yet, at most so many. */
export async function readUnindexed(
  database: Queryable,
  model: KeptModel,
  limit: number,
): Promise<{ readonly ids: readonly number[]; readonly vectors: Int8Array }> {
  const { rows } = await database.query<{ ids: number[] | null; vectors: Uint8Array | null }>(
    `select array_agg(chunk_id order by chunk_id) as ids, string_agg(vector, ''::bytea order by chunk_id) as vectors
     from (select e.chunk_id, e.vector from memory_embedding e
            where e.model_id = $1 and not exists (select from ${tableOf(model)} v where v.chunk_id = e.chunk_id)
            order by e.chunk_id limit $2) as s`,
    [model.id, limit],
  );
  const bytes = rows[0]?.vectors ?? new Uint8Array();
  return {
    ids: rows[0]?.ids ?? [],
    vectors: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  };
}

export async function markIndexed(database: Queryable, { id }: KeptModel): Promise<void> {
  await database.query('update memory_model set indexed = true where id = $1 and not indexed', [id]);
}

export async function dropIndex(database: Queryable, model: KeptModel): Promise<void> {
  await database.query(`drop table if exists ${tableOf(model)}`);
}

/** Neighbours that the index looks at: with more it misses fewer, and takes longer. Up to 1,000. */
const BREADTH = 200;
const MAX_BREADTH = 1000;

/** Search by the index, which may miss one of the nearest. */
export function createIndexSearch(database: Database): Search {
  return {
    nearest: (question) =>
      database.transaction(async (tx) => {
        const breadth = Math.min(MAX_BREADTH, Math.max(BREADTH, question.limit * 2));
        await tx.query(SETTINGS, [String(breadth)]);
        return { candidates: await readNearest(tx, question), places: [] };
      }),
    async similarities({ model, query }, chunkIds) {
      const { rows } = await database.query<CandidateRow>(
        `select chunk_id as id, 1 - (vector <=> $1::text::halfvec) as similarity
         from ${tableOf(model)} where chunk_id = any ($2::bigint[])`,
        [vectorText(query), chunkIds],
      );
      return new Map(rows.map(({ id, similarity }) => [id, similarity]));
    },
  };
}

/** For this transaction. Strict order: what a folder leaves out is made up for by looking further. */
const SETTINGS = `
  select set_config('hnsw.ef_search', $1, true), set_config('hnsw.iterative_scan', 'strict_order', true)`;

interface CandidateRow extends Record<string, unknown> {
  readonly id: number;
  readonly similarity: number;
}

async function readNearest(
  tx: Queryable,
  { model, query, limit, folder }: SearchQuestion,
): Promise<readonly Candidate[]> {
  const inFolder =
    folder === undefined
      ? ''
      : `join memory_chunk c on c.id = v.chunk_id and starts_with(c.path, $3::text || '/')`;
  const { rows } = await tx.query<CandidateRow>(
    `select v.chunk_id as id, 1 - (v.vector <=> $1::text::halfvec) as similarity
     from ${tableOf(model)} v ${inFolder} order by v.vector <=> $1::text::halfvec limit $2`,
    [vectorText(query), limit, ...(folder === undefined ? [] : [folder])],
  );
  return rows.map(({ id, similarity }) => ({ chunkId: id, similarity }));
}
