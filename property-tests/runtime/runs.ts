import type { Parameters } from 'fast-check';

/**
 * How many runs, and which, as the environment says: `IRONBARK_PROPERTY_RUNS` for their number,
 * `IRONBARK_PROPERTY_SEED` and `IRONBARK_PROPERTY_PATH`, as a failure prints them, to see one of them again.
 *
 * @param usual runs where nothing is said
 */
export function runsOf<T>(usual: number): Parameters<T> & { readonly numRuns: number } {
  const {
    IRONBARK_PROPERTY_RUNS: runs,
    IRONBARK_PROPERTY_SEED: seed,
    IRONBARK_PROPERTY_PATH: path,
  } = process.env;
  return {
    numRuns: runs ? Number(runs) : usual,
    ...(seed ? { seed: Number(seed) } : {}),
    ...(path ? { path } : {}),
  };
}
