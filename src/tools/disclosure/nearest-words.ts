/** The words of a vocabulary that a mistyped one, or a shortened one, may stand for. */
export interface NearestWords {
  /** At most `limit`, nearest first. */
  of(word: string, limit?: number): readonly string[];
}

/** Cost of a look: linear in the words with the same first letter. */
export function createNearestWords(vocabulary: Iterable<string>): NearestWords {
  const byInitial = Map.groupBy(vocabulary, (word) => word.slice(0, 1));
  return {
    of(word, limit = 4) {
      if (word.length < 4) return [];
      const slips = word.length < 8 ? 1 : 2;
      return (byInitial.get(word.slice(0, 1)) ?? [])
        .map((known) => ({ known, distance: distanceWithin(word, known, slips) }))
        .filter(({ distance }) => distance <= slips)
        .sort((a, b) => a.distance - b.distance || (a.known < b.known ? -1 : 1))
        .slice(0, limit)
        .map(({ known }) => known);
    },
  };
}

/** So far apart that it is no slip of the fingers. */
const FAR = Number.POSITIVE_INFINITY;

function distanceWithin(word: string, known: string, slips: number): number {
  if (isShortFor(word, known) || isShortFor(known, word)) return slips;
  if (Math.abs(word.length - known.length) > slips) return FAR;
  return distanceBetween(word, known);
}

/** `repo` for `repository`. */
const isShortFor = (short: string, long: string): boolean => short.length >= 4 && long.startsWith(short);

/** Levenshtein's distance in which two letters that changed places are one slip, too. */
function distanceBetween(a: string, b: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const change = (row[j - 1] ?? 0) + (same ? 0 : 1);
      const turn = swapped ? (before[j - 2] ?? 0) + 1 : FAR;
      next.push(Math.min(change, turn, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
