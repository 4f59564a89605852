import { fits } from '../core/wildcard.ts';

/** Whether a name matches one of the globs; `*` stands for any characters, also none, and nothing else is special. */
export function matchesName(name: string, globs: readonly string[]): boolean {
  return globs.some((glob) => fits(glob, name));
}
