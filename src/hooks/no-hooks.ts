import { ok } from '../core/result.ts';
import type { Hooks } from './hooks.ts';

/** Nothing is set up. */
export const NO_HOOKS: Hooks = {
  any: () => false,
  decides: () => false,
  run: async ({ text }) => ({ verdict: 'continue', text, origins: [] }),
  current: async () => ok([]),
};
