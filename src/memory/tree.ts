import type { Queryable } from '../storage/index.ts';

/** A document, or a folder whose contents lie deeper than was asked for. */
export type TreeEntry =
  | {
      readonly type: 'document';
      readonly path: string;
      readonly characters: number;
      readonly updatedAt: string;
    }
  | { readonly type: 'folder'; readonly path: string; readonly documents: number };

const MAX_ENTRIES = 500;

/** What lies beneath a folder, by path. At most 500 entries. */
export async function readTree(
  database: Queryable,
  folder: string,
  depth: number,
): Promise<readonly TreeEntry[]> {
  const prefix = folder === '' ? '' : `${folder}/`;
  const levels = (folder === '' ? 0 : folder.split('/').length) + depth;
  const { rows } = await database.query<EntryRow>(ENTRIES, [prefix, levels]);
  return rows.map(toEntry);
}

const ENTRIES = `
  select array_to_string(parts[1:$2], '/') collate "C" as entry, cardinality(parts) > $2 as is_folder, count(*)::integer as documents,
         max(length(content)) as characters, max(updated_at) as updated_at
  from memory_document, lateral (select string_to_array(path, '/') as parts) as split
  where starts_with(path, $1)
  group by 1, 2 order by 1, 2 limit ${MAX_ENTRIES}`;

interface EntryRow extends Record<string, unknown> {
  readonly entry: string;
  readonly is_folder: boolean;
  readonly documents: number;
  readonly characters: number;
  readonly updated_at: Date;
}

function toEntry({ entry, is_folder, documents, characters, updated_at }: EntryRow): TreeEntry {
  return is_folder
    ? { type: 'folder', path: entry, documents }
    : { type: 'document', path: entry, characters, updatedAt: updated_at.toISOString() };
}
