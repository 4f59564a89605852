import type { Clock } from '../src/core/clock.ts';
import { IronbarkError } from '../src/core/errors.ts';
import type {
  ForgetTarget,
  MemoryDesk,
  MemoryHistory,
  MemoryHits,
  MemorySearch,
  MemorySource,
  MemoryStatus,
  MemoryWrite,
  MemoryWritten,
} from '../src/core/memory.ts';
import { forget } from '../src/memory/forget/forget.ts';
import { type Change, type Memory, normalisePath } from '../src/memory/index.ts';
import { explain } from '../src/memory/provenance/explain.ts';
import type { Database } from '../src/storage/index.ts';
import { createTidyDesk } from './tidy-desk.ts';
import type { TidyDeskParts } from './tidying.ts';

export interface MemoryDeskParts {
  readonly database: Database;
  readonly memory: Memory;
  readonly clock: Clock;
  readonly vectors?: VectorsReport;
  readonly condense?: TidyDeskParts['condense'];
}

interface VectorsReport {
  status(): Promise<MemoryStatus['vectors']>;
}

/** What a person does with memory, over the database that has it. */
export function createMemoryDesk({
  database,
  memory,
  clock,
  vectors,
  condense,
}: MemoryDeskParts): MemoryDesk {
  return {
    ...createTidyDesk({ database, memory, clock, ...(condense && { condense }) }),
    search: (query, options) => search(memory, query, options),
    read: async (path, version) => memory.read(pathOf(path), version),
    write: (request) => write(database, memory, request),
    tree: async (folder, depth) => memory.tree(isAll(folder) ? '' : pathOf(folder), depth),
    paths: (page) => readPaths(database, page),
    history: async (path) => readHistory(database, memory, pathOf(path)),
    status: () => readStatus(database, vectors),
    forget: async (target, { dryRun }) => forget(database, checked(target), { dryRun, clock }),
  };
}

async function search(memory: Memory, query: string, { limit, folder }: MemorySearch): Promise<MemoryHits> {
  const beneath = folder === undefined || isAll(folder) ? {} : { folder: pathOf(folder) };
  const found = await memory.search(query, { limit, ...beneath });
  const hits = found.map(({ path, score, snippet, updatedAt, origins, chunk, highlights }) => ({
    path,
    score,
    snippet,
    updatedAt,
    origins,
    passage: chunk,
    highlights,
  }));
  return { hits, ...(found.partial !== undefined && { partial: found.partial }) };
}

async function readHistory(
  database: Database,
  memory: Memory,
  path: string,
): Promise<MemoryHistory | undefined> {
  const versions = await memory.versions(path);
  return versions.length === 0 ? undefined : { versions, passages: await explain(database, path) };
}

async function write(database: Database, memory: Memory, request: MemoryWrite): Promise<MemoryWritten> {
  const { origins = [], dryRun = false, import: from, ifVersion, force } = request;
  const wanted = normalisePath(request.path);
  if (!wanted.ok) return { outcome: 'refused', path: request.path, reason: wanted.error };
  const source: MemorySource = from ? { by: 'import', name: from.name } : { by: 'user' };
  const prepared = await memory.prepare(wanted.value, changeOf(request), {
    origins,
    source,
    ...(ifVersion !== undefined && { ifVersion }),
    ...(force !== undefined && { force }),
  });
  if (!prepared.ok) return { outcome: 'refused', path: wanted.value, reason: prepared.error };
  const { path, statements, removed, redirected, unchanged } = prepared.value;
  if (unchanged) return { outcome: 'unchanged', path };
  if (from?.replace === false && (await isOfOthers(database, path, from.name)))
    return { outcome: 'kept', path };
  if (!dryRun) await database.commit(statements);
  return {
    outcome: 'written',
    path,
    ...(removed !== undefined && { removed }),
    ...(redirected !== undefined && { redirected }),
  };
}

function changeOf({ text: content, append, restore }: MemoryWrite): Change {
  if (restore !== undefined) return { type: 'restore', version: restore };
  return { type: append ? 'append' : 'overwrite', content };
}

/** Whether a document is there that somebody else wrote last: an import updates only what it brought itself. */
async function isOfOthers(database: Database, path: string, name: string): Promise<boolean> {
  const { rows } = await database.query<{ own: boolean }>(
    `select coalesce(source ->> 'by' = 'import' and source ->> 'name' = $2, false) as own
     from memory_document where path = $1`,
    [path, name],
  );
  return rows.some(({ own }) => !own);
}

const checked = (target: ForgetTarget): ForgetTarget =>
  target.kind === 'document' ? { ...target, path: pathOf(target.path) } : target;

const isAll = (folder: string): boolean => ['', '.', '/'].includes(folder.trim());

function pathOf(given: string): string {
  const path = normalisePath(given);
  if (path.ok) return path.value;
  throw new IronbarkError('usage', path.error);
}

async function readPaths(
  database: Database,
  { after = '', limit }: { readonly after?: string; readonly limit: number },
): Promise<readonly string[]> {
  const { rows } = await database.query<{ path: string }>(
    'select path from memory_document where path > $1 order by path limit $2',
    [after, limit],
  );
  return rows.map(({ path }) => path);
}

/** Sizes come from how texts are stored, so that none has to be unpacked: 50,000 documents are counted in an instant. */
async function readStatus(database: Database, vectors: VectorsReport | undefined): Promise<MemoryStatus> {
  const { rows } = await database.query<StatusRow>(STATUS);
  const row = rows[0];
  if (!row) throw new IronbarkError('internal', 'Counting gave no answer.');
  const { documents, bytes, versions, chunks, changed_at: at } = row;
  return {
    documents,
    bytes,
    versions,
    chunks,
    ...(at && { changedAt: at.toISOString() }),
    vectors: (await vectors?.status()) ?? { embedded: 0, pending: 0 },
  };
}

const STATUS = `
  select count(*)::integer as documents, coalesce(sum(octet_length(content)), 0)::bigint as bytes,
         max(updated_at) as changed_at,
         (select count(*)::integer from memory_version) as versions,
         (select count(*)::integer from memory_chunk) as chunks
  from memory_document`;

interface StatusRow extends Record<string, unknown> {
  readonly documents: number;
  readonly bytes: number;
  readonly versions: number;
  readonly chunks: number;
  readonly changed_at: Date | null;
}
