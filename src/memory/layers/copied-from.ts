import { setImmediate as others } from 'node:timers/promises';
import type { Queryable } from '../../storage/index.ts';
import { textCandidates } from '../search/text.ts';
import { type Layer, layerOf } from './layer.ts';
import { runsOf, sharesRun } from './word-runs.ts';

interface Desk {
  readonly database: Queryable;
  readonly layers: readonly Layer[];
}

interface Text {
  readonly text: string;
  /** A document that may hold the same: the private copy of this one. */
  readonly except: string | undefined;
}

/** Words that are looked for at once, and how far the next look begins behind. */
const WINDOW = 48;
const STEP = 40;
/** Of a longer text so many looks, spread over it evenly. */
const MOST_LOOKS = 100;
const CANDIDATES = 12;

/**
 * A private document that has eight words in a row (of a script without spaces: twenty signs) in common with a text;
 * undefined where there is none. The text index says which documents may have; those it does not hold are looked at
 * themselves, as far as that is reasonable.
 *
 * Cost: a search for each 40 words of the text, up to a hundred.
 */
export async function copiedFrom(
  { database, layers }: Desk,
  { text, except }: Text,
): Promise<string | undefined> {
  const runs = await runsOf(text);
  if (runs.size === 0) return undefined;
  const isPrivate = ({ path }: Passage): boolean =>
    path !== except && layerOf(layers, path).sensitivity === 'private';
  for (const look of looks(text)) {
    const passages = await surroundings(database, look);
    const found = passages.filter(isPrivate).find((passage) => sharesRun(runs, passage.text));
    if (found) return found.path;
  }
  for (const passage of (await unindexed(database)).filter(isPrivate)) {
    await others();
    if (sharesRun(runs, passage.text)) return passage.path;
  }
  return undefined;
}

function looks(text: string): readonly string[] {
  const words = text.match(/\S+/g) ?? [];
  const count = Math.min(MOST_LOOKS, Math.ceil(words.length / STEP));
  const step = Math.max(STEP, words.length / count);
  return Array.from({ length: count }, (_, at) => {
    const start = Math.floor(at * step);
    return words.slice(start, start + WINDOW).join(' ');
  });
}

interface Passage extends Record<string, unknown> {
  readonly path: string;
  readonly text: string;
}

/** Chunks that hold words of it, each with those around it: a copy may go across a border. */
async function surroundings(database: Queryable, look: string): Promise<readonly Passage[]> {
  const candidates = await textCandidates(database, look, { limit: CANDIDATES });
  if (candidates.length === 0) return [];
  const { rows } = await database.query<Passage>(SURROUNDINGS, [candidates.map(({ chunkId }) => chunkId)]);
  return rows;
}

const SURROUNDINGS = `
  select c.path, (select string_agg(n.text, '' order by n.number) from memory_chunk n
                   where n.path = c.path and n.number between c.number - 1 and c.number + 1) as text
    from memory_chunk c where c.id = any ($1::bigint[])`;

/** What cannot be found by searching can be read all the same. */
async function unindexed(database: Queryable): Promise<readonly Passage[]> {
  const { rows } = await database.query<Passage>(
    `select path, left(content, 32768) as text from memory_document
      where not indexed and not memory_is_rule(path) order by updated_at desc limit 100`,
  );
  return rows;
}
