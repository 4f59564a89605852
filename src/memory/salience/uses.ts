import type { RecalledPassage } from '../../core/journal.ts';
import type { Statement } from '../../storage/index.ts';
import { passageKey } from './passage-key.ts';
import { isTended } from './tended.ts';

/** Of one passage; a longer one counts by its document alone after that. */
const MOST_LINES = 40;
/** A shorter piece of a line is found in too many others. */
const FEWEST_CHARACTERS = 8;

/** Stands for some part of a document, or all of it. */
export const WHOLE = '';

/**
 * Counts that these passages were put before a model; to be committed with what they were used for. None where none of
 * them may fade, which is what most turns come to.
 *
 * @param at milliseconds since the Unix epoch
 */
export function useStatements(passages: readonly RecalledPassage[], at: number): readonly Statement[] {
  const used = new Map(
    passages
      .filter(({ path }) => isTended(path))
      .flatMap(({ path, text }) => keysOf(text).map((key) => [`${path}\n${key}`, { path, key }] as const)),
  );
  if (used.size === 0) return [];
  // In one order, so that two commits at the same time do not wait for each other.
  const rows = [...used].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  const params = [rows.map(({ path }) => path), rows.map(({ key }) => key), new Date(at)];
  return [{ sql: COUNT, params }];
}

const COUNT = `
  insert into memory_use as known (path, passage, uses, last_used_at)
  select path, passage, 1, $3 from unnest($1::text[], $2::text[]) as used (path, passage)
  on conflict (path, passage) do update
     set uses = known.uses + 1, last_used_at = greatest(known.last_used_at, excluded.last_used_at)`;

/** Its lines; a passage without a whole line says of its document only that it was used. */
function keysOf(text: string): readonly string[] {
  const lines = text.split(/\n| … /).filter((line) => line.trim().length >= FEWEST_CHARACTERS);
  const keys = lines.slice(0, MOST_LINES).flatMap((line) => passageKey(line) ?? []);
  return keys.length === 0 || lines.length > MOST_LINES ? [...keys, WHOLE] : keys;
}
