import type { Origin } from '../core/journal.ts';
import type { Queryable } from '../storage/index.ts';

export interface MemoryDocument {
  readonly path: string;
  readonly content: string;
  readonly version: number;
  readonly updatedAt: string;
  /** Whose words, other than the user's, the content holds. */
  readonly origins: readonly Origin[];
}

export interface MemoryVersion {
  readonly version: number;
  readonly characters: number;
  readonly changedAt: string;
}

/** The document as it is or, where asked for, as it was. */
export async function readDocument(
  database: Queryable,
  path: string,
  version?: number,
): Promise<MemoryDocument | undefined> {
  const { rows } = await database.query<DocumentRow>(
    version === undefined
      ? 'select content, version, updated_at as at, origins from memory_document where path = $1'
      : 'select content, version, changed_at as at, origins from memory_version where path = $1 and version = $2',
    version === undefined ? [path] : [path, version],
  );
  const row = rows[0];
  if (!row) return undefined;
  const { content, version: number, at, origins } = row;
  return { path, content, version: number, updatedAt: at.toISOString(), origins };
}

interface DocumentRow extends Record<string, unknown> {
  readonly content: string;
  readonly version: number;
  readonly at: Date;
  readonly origins: readonly Origin[];
}

/** Newest first. */
export async function readVersions(database: Queryable, path: string): Promise<readonly MemoryVersion[]> {
  const { rows } = await database.query<{ version: number; characters: number; at: Date }>(
    'select version, length(content) as characters, changed_at as at from memory_version where path = $1 order by version desc',
    [path],
  );
  return rows.map(({ version, characters, at }) => ({ version, characters, changedAt: at.toISOString() }));
}
