/** A job that waits for its turn. */
export interface Waiting {
  readonly id: string;
  readonly userId: string;
  /** Of its priority: the smaller the sooner. */
  readonly rank: number;
  /** How many jobs stand above it. */
  readonly depth: number;
}

export interface Slots {
  /** Jobs that may be worked on at once, and of one user. */
  readonly max: number;
  readonly maxPerUser: number;
  /** Slots that are taken, by user. */
  readonly taken: ReadonlyMap<string, number>;
}

/**
 * Which of the jobs begin now, in this order: by priority; then those of the user who holds the fewest slots; then
 * parts of other jobs before whole ones, so that what is begun gets done; then whoever has waited longest.
 *
 * Cost: slots that are free, times jobs that wait.
 */
export function picked(waiting: readonly Waiting[], { max, maxPerUser, taken }: Slots): readonly Waiting[] {
  const held = new Map(taken);
  let free = max - [...held.values()].reduce((sum, count) => sum + count, 0);
  const left = new Set(waiting);
  const chosen: Waiting[] = [];
  for (; free > 0; free--) {
    const next = [...left]
      .filter(({ userId }) => heldBy(held, userId) < maxPerUser)
      .reduce(sooner(held), undefined);
    if (!next) break;
    left.delete(next);
    held.set(next.userId, heldBy(held, next.userId) + 1);
    chosen.push(next);
  }
  return chosen;
}

const heldBy = (held: ReadonlyMap<string, number>, userId: string): number => held.get(userId) ?? 0;

const sooner =
  (held: ReadonlyMap<string, number>) =>
  (best: Waiting | undefined, other: Waiting): Waiting =>
    best === undefined || comparison(held, other, best) < 0 ? other : best;

function comparison(held: ReadonlyMap<string, number>, a: Waiting, b: Waiting): number {
  return (
    a.rank - b.rank ||
    heldBy(held, a.userId) - heldBy(held, b.userId) ||
    b.depth - a.depth ||
    (a.id < b.id ? -1 : 1)
  );
}
