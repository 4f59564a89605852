import type { SearchHit, SearchRequest } from '../../core/assistant.ts';
import type { Queryable } from '../database.ts';
import { isTalk } from './own-channels.ts';

/**
 * Finds what users and assistant said, in every conversation or in one: entries in which each of the words begins
 * some word, in any language. Of a script without spaces each sign counts as a word, and signs that follow each other
 * must do so. The best fit first, then the latest. Commands and their answers, and what nobody began by talking, are left out.
 *
 * Cost: the matching entries through an index, of which the latest 500 are ranked, whatever the size of the journal.
 * Only the first 20,000 characters of an entry are searched.
 */
export async function searchEntries(
  database: Queryable,
  { query, limit, conversationId }: SearchRequest,
): Promise<readonly SearchHit[]> {
  const words = wordsOf(query);
  if (words.length === 0) return [];
  const key = conversationId === undefined ? null : `session/${conversationId}`;
  const { rows } = await database.query<HitRow>(SEARCH, [words.map(clauseOf).join(' & '), key, limit]);
  return rows.map((row) => ({
    conversationId: row.id,
    title: row.title,
    seq: row.seq,
    at: row.at.toISOString(),
    by: SPEAKERS[row.type] ?? 'user',
    snippet: snippetOf(row.said, words),
    hidden: row.change === 'undo' ? 'undone' : row.change === 'clear' ? 'cleared' : null,
  }));
}

interface HitRow extends Record<string, unknown> {
  readonly id: string;
  readonly title: string | null;
  readonly seq: number;
  readonly at: Date;
  readonly type: string;
  readonly said: string;
  readonly change: string | null;
}

const SPEAKERS: Readonly<Record<string, SearchHit['by']>> = {
  'turn.replied': 'assistant',
  'notice.posted': 'notice',
};

/** More words make a query slow and no better. */
const MAX_WORDS = 12;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;

function wordsOf(query: string): readonly string[] {
  return (query.slice(0, 1_000).match(WORD) ?? []).slice(0, MAX_WORDS);
}

/** The same scripts as in the function `journal_said` of the database. */
const SPACELESS = /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/u;

/** `größe` becomes `'größe':*`; `東京` becomes `('東' <-> '京')`. Words have no quotes: they are letters and digits. */
function clauseOf(word: string): string {
  const parts = word.match(
    /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+/gu,
  );
  const terms = (parts ?? [word]).map((part) => (SPACELESS.test(part) ? `'${part}'` : beginningOf(part)));
  return `(${terms.join(' <-> ')})`;
}

/** A database whose locale knows no letters but ASCII does not make others small: the usual spellings are tried. */
function beginningOf(word: string): string {
  const small = word.toLowerCase();
  const capital = small.replace(/^./u, (letter) => letter.toUpperCase());
  const spellings = [...new Set([small, capital, word])];
  return `(${spellings.map((spelling) => `'${spelling}':*`).join(' | ')})`;
}

const BEFORE_HIT = 60;
const SNIPPET_LENGTH = 200;

/** The surroundings of the first word that is found, on one line. */
function snippetOf(said: string, words: readonly string[]): string {
  const text = said.replace(/\s+/g, ' ').trim();
  const small = text.toLowerCase();
  const places = words.map((word) => small.indexOf(word.toLowerCase())).filter((place) => place >= 0);
  const hit = places.length > 0 ? Math.min(...places) : 0;
  const start = hit <= BEFORE_HIT ? 0 : text.lastIndexOf(' ', hit - BEFORE_HIT / 2) + 1;
  const end = start + SNIPPET_LENGTH;
  return `${start > 0 ? '… ' : ''}${text.slice(start, end).toWellFormed()}${end < text.length ? ' …' : ''}`;
}

const SEARCH = `
  with matching as materialized (
    select actor_key, seq, at, type, payload from journal
     where type in ('turn.began', 'turn.steered', 'turn.replied', 'notice.posted')
       and to_tsvector('simple', journal_said(type, payload)) @@ to_tsquery('simple', $1::text)
       and ($2::text is null or actor_key = $2::text)
     order by at desc
     limit 500
  ), ranked as (
    select m.actor_key, m.seq, m.at, m.type, m.payload, c.id, c.title,
           ts_rank(to_tsvector('simple', journal_said(m.type, m.payload)), to_tsquery('simple', $1::text)) as rank
      from matching m join conversation c on m.actor_key = 'session/' || c.id
     where ${isTalk('c.channel')}
       and m.payload ->> 'route' is distinct from 'command'
       and not exists (
         select from journal answer
          where answer.actor_key = m.actor_key and answer.seq between m.seq - 8 and m.seq
            and answer.type = 'command.completed' and answer.payload ->> 'turnId' = m.payload ->> 'turnId')
     order by rank desc, m.at desc, m.seq desc
     limit $3::integer
  )
  select id, title, seq, at, type,
         left(coalesce(payload ->> 'text',
                       (select string_agg(m ->> 'text', E'\\n') from jsonb_array_elements(payload -> 'messages') as m)),
              20000) as said,
         (select h.payload ->> 'change' from journal h
           where h.actor_key = ranked.actor_key and h.type = 'history.changed'
             and h.payload -> 'turnIds' @> to_jsonb(ranked.payload ->> 'turnId')
           order by h.seq desc limit 1) as change
    from ranked
   order by rank desc, at desc, seq desc`;
