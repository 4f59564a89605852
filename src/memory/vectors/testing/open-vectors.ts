import { randomUUID } from 'node:crypto';
import type { Database } from '../../../storage/index.ts';
import { createVectors, type VectorsOptions } from '../create-vectors.ts';
import type { EmbeddingModel } from '../settings.ts';
import type { Vectors } from '../vectors.ts';

/** Vectors over a database, of a process of its own, with nothing configured. */
export function openVectors(
  database: Database,
  model: EmbeddingModel,
  options: Partial<VectorsOptions> = {},
): Vectors {
  return createVectors({
    database,
    model,
    clock: { now: () => Date.now() },
    holder: randomUUID(),
    llm: {},
    env: {},
    vaultNames: async () => [],
    ...options,
  });
}

/** Writes documents as anybody does: their chunks follow by themselves. */
export async function putDocuments(
  database: Database,
  documents: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, content] of Object.entries(documents)) {
    await database.query(
      `insert into memory_document (path, content, created_at, updated_at) values ($1, $2, now(), now())
       on conflict (path) do update set content = excluded.content`,
      [path, content],
    );
  }
}

/** Paths of the documents that the nearest chunks belong to, best first. */
export async function nearestPaths(
  database: Database,
  vectors: Vectors,
  query: string,
  { limit = 5, folder }: { readonly limit?: number; readonly folder?: string } = {},
): Promise<readonly string[] | undefined> {
  const found = await vectors.nearest(query, {
    limit,
    waitMs: 20_000,
    ...(folder === undefined ? {} : { folder }),
  });
  if (!found) return undefined;
  const { rows } = await database.query<{ id: number; path: string }>('select id, path from memory_chunk');
  const paths = new Map(rows.map(({ id, path }) => [id, path]));
  return found.candidates.map(({ chunkId }) => paths.get(chunkId) ?? 'gone');
}

export const untilStopped = (): AbortSignal => new AbortController().signal;
