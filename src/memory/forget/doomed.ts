import type { ForgetTarget } from '../../core/memory.ts';
import type { Queryable } from '../../storage/index.ts';

export interface Doomed {
  readonly path: string;
  /** Names of the lines that go, as `memory_lines` gives them. */
  readonly hashes: readonly string[];
}

/**
 * The lines that none but these sources brought, or that were put together with what they said; by document. Those of
 * a document that is the target itself are not among them.
 */
export async function doomedPassages(
  tx: Queryable,
  sources: readonly number[],
  target: ForgetTarget,
): Promise<readonly Doomed[]> {
  const own = target.kind === 'document' ? target.path : null;
  const { rows } = await tx.query<{ path: string; hashes: readonly string[] }>(DOOMED, [[...sources], own]);
  return rows;
}

const DOOMED = `
  select path, array_agg(hash order by hash) as hashes
    from (select distinct path, hash from memory_passage where source_id = any ($1)) t
   where path is distinct from $2
     and not exists (select from memory_passage p
                      where p.path = t.path and p.hash = t.hash and not p.mixed and p.source_id <> all ($1))
   group by path order by path`;
