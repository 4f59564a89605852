interface Scored {
  readonly score: number;
  readonly text: string;
}

/**
 * Orders hits so that each next one is good and says something else than those before it (maximal marginal relevance;
 * Carbonell and Goldstein, 1998). Two texts are alike by the part of their words that they share.
 *
 * @param diversity 0: by score alone; 1: by how little they repeat alone
 */
export function diverse<T extends Scored>(hits: readonly T[], diversity: number): readonly T[] {
  if (diversity === 0) return hits.toSorted((a, b) => b.score - a.score);
  const left = hits.map((hit) => ({ hit, words: wordsOf(hit.text), repeats: 0 }));
  const ordered: T[] = [];
  while (left.length > 0) {
    const worth = left.map(({ hit, repeats }) => (1 - diversity) * hit.score - diversity * repeats);
    const [chosen] = left.splice(worth.indexOf(Math.max(...worth)), 1);
    if (!chosen) break;
    ordered.push(chosen.hit);
    for (const one of left) one.repeats = Math.max(one.repeats, likeness(one.words, chosen.words));
  }
  return ordered;
}

const wordsOf = (text: string): ReadonlySet<string> =>
  new Set(text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu));

function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = [...a].filter((word) => b.has(word)).length;
  const either = a.size + b.size - both;
  return either === 0 ? 0 : both / either;
}
