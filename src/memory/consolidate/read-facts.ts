import type { Origin } from '../../core/journal.ts';
import type { Queryable } from '../../storage/index.ts';
import { isFactPath } from '../salience/tended.ts';
import { WHOLE } from '../salience/uses.ts';
import { type Fact, factLines, type SeenDocument } from './fact.ts';

/** A document of facts. */
export interface FactDocument extends SeenDocument {
  readonly origins: readonly Origin[];
  readonly facts: readonly Fact[];
}

export interface Use {
  readonly passage: string;
  readonly uses: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/** Documents that are read at once. */
const PAGE = 50;

/**
 * All facts, page by page in the order of their paths. Cost: the length of all documents beneath `facts/`, which
 * tidying bounds; one query for 50 of them.
 */
export async function* readFacts(database: Queryable): AsyncGenerator<FactDocument> {
  let after = '';
  for (;;) {
    const { rows } = await database.query<FactsRow>(FACTS, [after, PAGE]);
    for (const row of rows) if (isFactPath(row.path)) yield toDocument(row);
    after = rows.at(-1)?.path ?? '';
    if (rows.length < PAGE) return;
  }
}

interface FactsRow extends Record<string, unknown> {
  readonly path: string;
  readonly content: string;
  readonly version: number;
  readonly origins: readonly Origin[];
  readonly updated_at: Date;
  readonly lines: readonly LineRow[];
  readonly uses: readonly Use[];
}

interface LineRow {
  /** Counted from 0. */
  readonly line: number;
  /** When it was last said; null where nobody noted it. */
  readonly at: number | null;
  /** Others had a hand in it, and the user's own words alone do not say it. */
  readonly influenced: boolean | null;
  readonly byHand: boolean | null;
}

export const USES = `
  coalesce((select jsonb_agg(jsonb_build_object('passage', u.passage, 'uses', u.uses,
                                                'at', round(extract(epoch from u.last_used_at) * 1000)))
              from memory_use u where u.path = d.path), '[]')`;

const FACTS = `
  select d.path, d.content, d.version, d.origins, d.updated_at, ${USES} as uses,
         coalesce((select jsonb_agg(said) from (
           select l.place - 1 as line, round(extract(epoch from max(s.at)) * 1000) as at,
                  bool_or(s.origins <> '[]') and not bool_or(not p.mixed and s.origins = '[]') as influenced, bool_or(s.writer = 'user') as "byHand"
             from memory_lines(d.content) l
             left join memory_passage p on p.path = d.path and p.hash = l.hash and p.gone is null
             left join memory_source s on s.id = p.source_id
            group by l.place) said), '[]') as lines
    from memory_document d
   where d.path collate "C" > greatest($1::text, 'facts/') collate "C" and starts_with(d.path, 'facts/')
   order by d.path collate "C" limit $2`;

function toDocument({ path, content, version, origins, updated_at, lines, uses }: FactsRow): FactDocument {
  const known = new Map(lines.map((line) => [line.line, line]));
  const facts = factLines(content).map(({ line, text, key }): Fact => {
    const said = known.get(line);
    return {
      path,
      line,
      text,
      key,
      writtenAt: said?.at ?? updated_at.getTime(),
      influenced: said?.influenced ?? origins.length > 0,
      byHand: said?.byHand ?? false,
      ...useOf(uses, key),
    };
  });
  return { path, content, version, origins, facts };
}

/** Of a line: what is known of it, or else of its document. */
export function useOf(uses: readonly Use[], key: string): Pick<Fact, 'uses' | 'lastUsedAt'> {
  const mine = uses.filter(({ passage }) => passage === key || passage === WHOLE);
  if (mine.length === 0) return { uses: 0 };
  return {
    uses: Math.max(...mine.map(({ uses }) => uses)),
    lastUsedAt: Math.max(...mine.map(({ at }) => at)),
  };
}
