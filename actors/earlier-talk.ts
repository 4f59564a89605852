import type { SearchHit } from '../src/core/assistant.ts';
import type { Origin } from '../src/core/journal.ts';
import { topicOf } from '../src/routing/index.ts';
import { unitedOrigins } from '../src/safety/index.ts';
import type { Queryable } from '../src/storage/index.ts';
import { searchEntries } from '../src/storage/journal/index.ts';
import type { SaidBefore } from '../src/tools/index.ts';

/**
 * What was said in other conversations than this one: not what was undone, and not what is to be forgotten. All words
 * of a query must have been said at once; where they were not, fewer are looked for, names first.
 *
 * Cost: up to three searches, and one query for whose words it is.
 */
export async function findTalk(
  database: Queryable,
  query: string,
  { limit, notIn }: { readonly limit: number; readonly notIn: string },
): Promise<readonly SaidBefore[]> {
  for (const words of attempts(query)) {
    const hits = await searchEntries(database, { query: words.join(' '), limit: limit * SPARE });
    const fitting = hits.filter(
      ({ conversationId, hidden }) => conversationId !== notIn && hidden !== 'undone',
    );
    const found = await remembered(database, fitting.slice(0, limit));
    if (found.length > 0) return found;
  }
  return [];
}

/** Hits of this very conversation, which holds the question, take part of the places. */
const SPARE = 4;

/** Words to look for, from all to the two that tell most. */
function attempts(query: string): readonly (readonly string[])[] {
  const words = topicOf(query).words.map(({ text, stem }) => (text.startsWith(stem) ? stem : text));
  const sizes = [words.length, 3, 2].filter((size, at) => at === 0 || size < words.length);
  return words.length === 0 ? [] : sizes.map((size) => words.slice(0, size));
}

interface InfluenceRow extends Record<string, unknown> {
  readonly seq: number;
  readonly id: string;
  readonly origins: readonly Origin[];
}

async function remembered(database: Queryable, hits: readonly SearchHit[]): Promise<readonly SaidBefore[]> {
  if (hits.length === 0) return [];
  const { rows } = await database.query<InfluenceRow>(INFLUENCES, [
    hits.map(({ conversationId }) => conversationId),
    hits.map(({ seq }) => seq),
  ]);
  return hits.flatMap(({ conversationId, title, seq, at, by, snippet }) => {
    const row = rows.find((each) => each.id === conversationId && each.seq === seq);
    if (!row) return [];
    const origins = unitedOrigins(row.origins.map((origin) => `an earlier conversation, after ${origin}`));
    return [{ conversationId, title, at, by, snippet, origins }];
  });
}

/** Of an answer: whose words the model had before it. Of a message: whose it is, where it is not the user's. */
const INFLUENCES = `
  with hit as (
    select id, seq from unnest($1::text[], $2::bigint[]) as given (id, seq)
     where id not in (select name from memory_forgotten where kind = 'conversation')
  ), influenced as (
    select hit.id, hit.seq,
           jsonb_path_query_array(j.payload, '$.messages[*].origin') || coalesce(j.payload -> 'origins', '[]')
           || case when j.type = 'turn.replied' then coalesce(
                (select m.payload -> 'origins' from journal m
                  where m.actor_key = j.actor_key and m.seq < j.seq and m.type = 'model.completed'
                    and m.payload ->> 'turnId' = j.payload ->> 'turnId'
                  order by m.seq desc limit 1), '[]') else '[]' end as origins
      from hit join journal j on j.actor_key = 'session/' || hit.id and j.seq = hit.seq
  )
  select id, seq, origins from influenced
   where not exists (select from memory_forgotten f where f.kind = 'source' and origins ? f.name)`;
