export interface Watched {
  /** Until the work was done. */
  readonly ms: number;
  /** The longest that nothing else could run: no timer, no socket, no other actor. */
  readonly longestMs: number;
}

/** Watches the event loop while something is done: how long each of its turns takes. */
export async function longestBlock(work: () => Promise<unknown>): Promise<Watched> {
  const startedAt = performance.now();
  let longestMs = 0;
  let last = startedAt;
  const look = (): void => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last);
    last = now;
  };
  let turn: NodeJS.Immediate;
  const again = (): void => {
    look();
    turn = setImmediate(again);
  };
  turn = setImmediate(again);
  await work();
  look();
  clearImmediate(turn);
  return { ms: last - startedAt, longestMs };
}
