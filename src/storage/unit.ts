/** Thrown to undo a unit of several statements whose guard failed. */
export class GuardFailed extends Error {}

export interface Written<R> {
  readonly committed: boolean;
  readonly results: readonly R[];
}

export const NOTHING_WRITTEN: Written<never> = { committed: false, results: [] };

/** Runs a unit's statements in order; the first is the guard, and where it yields no row the rest are not run. */
export async function writeUnit<S, R extends { readonly rowCount: number }>(
  [guard, ...rest]: readonly [S, ...S[]],
  run: (statement: S) => Promise<R>,
): Promise<Written<R>> {
  const first = await run(guard);
  if (first.rowCount === 0) return NOTHING_WRITTEN;
  const results = [first];
  for (const statement of rest) results.push(await run(statement));
  return { committed: true, results };
}

/** Writes a unit of several statements in a transaction of its own, of which nothing is kept if the guard fails. */
export async function writeAlone<S, R extends { readonly rowCount: number }>(
  unit: readonly [S, ...S[]],
  inTransaction: (work: (run: (statement: S) => Promise<R>) => Promise<Written<R>>) => Promise<Written<R>>,
): Promise<Written<R>> {
  try {
    return await inTransaction(async (run) => {
      const written = await writeUnit(unit, run);
      if (!written.committed) throw new GuardFailed();
      return written;
    });
  } catch (thrown) {
    if (thrown instanceof GuardFailed) return NOTHING_WRITTEN;
    throw thrown;
  }
}
