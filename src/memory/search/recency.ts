const DAY_MS = 86_400_000;

/** What is left of a score after the time since the text was changed, with a half-life in days. */
export function faded(score: number, ageMs: number, halfLifeDays: number): number {
  return score * 2 ** (-Math.max(0, ageMs) / (halfLifeDays * DAY_MS));
}
