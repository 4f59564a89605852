/** Those of the names that a person may have meant, nearest first, three at most. */
export function similarNames(asked: string, names: readonly string[]): readonly string[] {
  const wanted = asked.slice(0, 64).toLowerCase();
  return names
    .map((name) => ({ name, distance: distanceBetween(wanted, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(2, name.length / 3) || sharesWord(wanted, name))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

function sharesWord(asked: string, name: string): boolean {
  const words = asked.split(/[^a-z0-9]+/).filter((word) => word.length > 2);
  return words.some((word) => name.toLowerCase().split('_').includes(word));
}

/** Levenshtein's distance, one row at a time. */
function distanceBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
