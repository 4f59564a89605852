import { err, ok, type Result } from '../../core/result.ts';

/** Nobody plans further. */
export const LAST_YEAR = 2399;

/**
 * Reads the seventh field, which `cron-parser` has not: `*`, `2030`, `2030-2035`, `2030-2040/5`, and lists of these.
 * Null: every year.
 */
export function readYears(field: string): Result<readonly number[] | null, string> {
  if (field === '*' || field === '?') return ok(null);
  const years = field.split(',').map(range);
  return years.includes(undefined)
    ? err(`"${field}" is no year. Write 2030, 2030-2035, a list of such, or *; from 1970 to ${LAST_YEAR}.`)
    : ok([...new Set(years.flatMap((some) => some ?? []))].sort((a, b) => a - b));
}

function range(part: string): readonly number[] | undefined {
  const found = /^(\*|(\d{4})(?:-(\d{4}))?)(?:\/(\d{1,3}))?$/.exec(part);
  if (!found) return undefined;
  const [, , first, last, step] = found;
  const from = Number(first ?? 1970);
  const to = Number(last ?? (first === undefined || step !== undefined ? LAST_YEAR : first));
  const by = Number(step ?? 1);
  if (from < 1970 || to > LAST_YEAR || from > to || by < 1) return undefined;
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by);
}
