/** How many exchanges one command takes back or brings back at most. */
export const MOST_EXCHANGES = 20;

/** A number of exchanges as it is typed, at most 20; `fallback` where nothing is. Undefined for anything else. */
export function readCount(argument: string, fallback = 1): number | undefined {
  if (argument === '') return fallback;
  const count = /^\d{1,6}$/.test(argument) ? Number(argument) : 0;
  return count === 0 ? undefined : Math.min(count, MOST_EXCHANGES);
}

/** In words: `the last 3 exchanges`. */
export const exchanges = (count: number, the = 'the'): string =>
  count === 1 ? `${the} last exchange` : `${the} last ${count} exchanges`;
