import type { ForgetReport } from '../../core/memory.ts';
import type { Queryable } from '../../storage/index.ts';
import type { Doomed } from './doomed.ts';

type Cut = ForgetReport['documents'][number];

interface Version {
  readonly path: string;
  readonly version: number;
  readonly blank: boolean;
}

/**
 * Takes lines out of documents and all of their versions; deletes those with their versions of which nothing stays.
 *
 * @param sources what is forgotten, as ids of `memory_source`
 */
export async function cutDocuments(
  tx: Queryable,
  doomed: readonly Doomed[],
  sources: readonly number[],
): Promise<readonly Cut[]> {
  await tx.query(CUT_PASSAGES, [jsonOf(doomed)]);
  const order = jsonOf(await withLostOrigins(tx, doomed, sources));
  const { rows: versions } = await tx.query<Version & Record<string, unknown>>(CUT_VERSIONS, [order]);
  await deleteVersions(
    tx,
    versions.filter(({ blank }) => blank),
  );
  const { rows: documents } = await tx.query<{ path: string; blank: boolean }>(CUT_DOCUMENTS, [order]);
  const blank = documents.filter((document) => document.blank).map(({ path }) => path);
  const deleted = new Map((await deleteDocuments(tx, blank)).map((cut) => [cut.path, cut]));
  return doomed.map(({ path, hashes }) => {
    const whole = deleted.get(path);
    const own = versions.filter((version) => version.path === path);
    if (!whole) return { path, whole: false, passages: hashes.length, versions: own.length };
    const emptied = own.filter((version) => version.blank).length;
    return { ...whole, passages: whole.passages + hashes.length, versions: whole.versions + emptied };
  });
}

const jsonOf = (value: unknown): string => JSON.stringify(value);

/** With all of their versions. */
export async function deleteDocuments(tx: Queryable, paths: readonly string[]): Promise<readonly Cut[]> {
  if (paths.length === 0) return [];
  const { rows } = await tx.query<{ path: string; passages: number; versions: number }>(COUNT, [paths]);
  for (const table of ['memory_document', 'memory_version', 'memory_passage'])
    await tx.query(`delete from ${table} where path = any ($1)`, [paths]);
  return rows.map((row) => ({ ...row, whole: true }));
}

const COUNT = `
  select path,
         (select count(distinct hash)::integer from memory_passage p where p.path = given.path) as passages,
         (select count(*)::integer from memory_version v where v.path = given.path) as versions
    from unnest($1::text[]) as given (path)
   where exists (select from memory_document d where d.path = given.path)
      or exists (select from memory_version v where v.path = given.path)`;

async function deleteVersions(tx: Queryable, versions: readonly Version[]): Promise<void> {
  if (versions.length === 0) return;
  await tx.query(DELETE_VERSIONS, [versions.map(({ path }) => path), versions.map(({ version }) => version)]);
}

const DELETE_VERSIONS = `
  delete from memory_version v using unnest($1::text[], $2::integer[]) as given (path, version)
   where v.path = given.path and v.version = given.version`;

type Stripped = Doomed & { readonly lost: readonly string[] };

/** Of those that had a hand in what goes: whose words are in none of the lines that stay. */
async function withLostOrigins(
  tx: Queryable,
  doomed: readonly Doomed[],
  sources: readonly number[],
): Promise<readonly Stripped[]> {
  const { rows: all } = await tx.query<{ origin: string }>(ORIGINS, [[...sources]]);
  const paths = doomed.map(({ path }) => path);
  const { rows } = await tx.query<{ path: string; origins: readonly string[] }>(KEPT, [paths, [...sources]]);
  const kept = new Map(rows.map(({ path, origins }) => [path, new Set(origins)]));
  return doomed.map((document) => ({
    ...document,
    lost: all.map(({ origin }) => origin).filter((origin) => !kept.get(document.path)?.has(origin)),
  }));
}

const ORIGINS = `
  select distinct o as origin from memory_source s, jsonb_array_elements_text(s.origins) o
   where s.id = any ($1) and s.origins <> '[]'`;

const KEPT = `
  select p.path, array_agg(distinct o) as origins
    from memory_passage p join memory_source s on s.id = p.source_id, jsonb_array_elements_text(s.origins) o
   where p.path = any ($1) and s.origins <> '[]' and s.id <> all ($2)
   group by p.path`;

const ORDER = `
  with ordered as materialized (
    select path, array(select jsonb_array_elements_text(hashes)) as hashes,
           array(select jsonb_array_elements_text(lost)) as lost
      from jsonb_to_recordset($1::text::jsonb) as given (path text, hashes jsonb, lost jsonb)
  )`;

const CUT_PASSAGES = `${ORDER}
  delete from memory_passage p using ordered o where p.path = o.path and p.hash = any (o.hashes)`;

const WITHOUT_LOST = `(
  select coalesce(jsonb_agg(each order by place), '[]')
    from jsonb_array_elements_text(d.origins) with ordinality as kept (each, place) where each <> all (cut.lost))`;

const IS_BLANK = "btrim(d.content, E' \\t\\r\\n') = ''";

const CUT_VERSIONS = `${ORDER},
  cut as materialized (
    select v.path, v.version, v.content as before, memory_without(v.content, o.hashes) as content, o.lost
      from ordered o join memory_version v on v.path = o.path
  )
  update memory_version d set content = cut.content, origins = ${WITHOUT_LOST} from cut
   where d.path = cut.path and d.version = cut.version and cut.content <> cut.before
  returning d.path, d.version, ${IS_BLANK} as blank`;

const CUT_DOCUMENTS = `${ORDER},
  cut as materialized (
    select m.path, m.content as before, memory_without(m.content, o.hashes) as content, o.lost
      from ordered o join memory_document m on m.path = o.path
  )
  update memory_document d set content = cut.content, origins = ${WITHOUT_LOST}, source = null from cut
   where d.path = cut.path and cut.content <> cut.before
  returning d.path, ${IS_BLANK} as blank`;
