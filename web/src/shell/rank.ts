import type { PaletteCommand } from '../palette.ts';

const MOST_SHOWN = 60;

/** The commands that fit every word, the best first within their group; all of them without a word. */
export function rank(commands: readonly PaletteCommand[], query: string): readonly PaletteCommand[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const scored = commands
    .map((command) => ({ command, score: scoreOf(command, words) }))
    .filter(({ score }) => score > 0);
  const best = new Map<string, number>();
  for (const { command, score } of scored)
    best.set(command.group, Math.max(score, best.get(command.group) ?? 0));
  const byGroup = (group: string) => best.get(group) ?? 0;
  const groups = [...best.keys()].sort((a, b) => byGroup(b) - byGroup(a));
  return groups
    .flatMap((group) =>
      scored.filter(({ command }) => command.group === group).sort((a, b) => b.score - a.score),
    )
    .slice(0, MOST_SHOWN)
    .map(({ command }) => command);
}

/** 0: a word does not occur. A word that begins the title counts most, one that begins a word of it next. */
function scoreOf({ title, group, words: more = '' }: PaletteCommand, words: readonly string[]): number {
  const text = title.toLowerCase();
  const all = `${text} ${group.toLowerCase()} ${more.toLowerCase()}`;
  let score = 1;
  for (const word of words) {
    if (!all.includes(word)) return 0;
    if (text.startsWith(word)) score += 4;
    else if (text.includes(` ${word}`)) score += 3;
    else if (text.includes(word)) score += 2;
  }
  return score;
}
