import type { Queryable } from '../../storage/index.ts';
import { isPromptFile } from '../paths.ts';

/** What becomes of a folder's documents that did not change, where no rule of a folder says how long it keeps them. */
export interface UsualRetention {
  /** Without a slash at its end. */
  readonly folder: string;
  readonly days: number;
}

export interface OutlivedDocument {
  readonly path: string;
  readonly version: number;
  readonly days: number;
}

/** At most so many at a time: what is left over is found the next time. */
const MOST = 200;

/**
 * Documents that the assistant wrote and that are older than what is usual in their folder, the oldest first, 200 at
 * most. Never what a person wrote by hand or brought in, never those that steer the assistant, and never where a rule of
 * a folder says how long it keeps things, or that it keeps everything.
 *
 * Cost: a look at the documents of these folders.
 *
 * @param now in milliseconds since the Unix epoch
 */
export async function outlivedDocuments(
  database: Queryable,
  usual: readonly UsualRetention[],
  now: number,
): Promise<readonly OutlivedDocument[]> {
  if (usual.length === 0) return [];
  const folders = usual.map(({ folder }) => `${folder}/`);
  const days = usual.map((one) => one.days);
  const { rows } = await database.query<OutlivedRow>(OUTLIVED, [folders, days, new Date(now)]);
  return rows.filter(({ path }) => !isPromptFile(path));
}

interface OutlivedRow extends OutlivedDocument, Record<string, unknown> {}

const OUTLIVED = `
  select path, version, usual.days
    from memory_document join unnest($1::text[], $2::integer[]) as usual (folder, days)
         on path >= folder collate "C" and path < (folder || chr(1114109)) collate "C"
   where not memory_is_rule(path)
     and coalesce(source ->> 'by', '') not in ('user', 'import')
     and memory_rule_of(path, '{hygiene,retention_days}') is null
     and memory_rule_of(path, '{hygiene,enabled}') is distinct from 'false'
     -- What somebody brought back is to stay.
     and not exists (select from memory_step s
                      where s.action = 'expire' and s.undone_at is not null and memory_document.path = any (s.paths))
     and updated_at < $3::timestamptz - make_interval(days => usual.days)
   order by updated_at, path limit ${MOST}`;
