import type { Migrations, StoredState } from '../src/runtime/durable/index.ts';

/**
 * What earlier versions of the turn's machine stored, turned into what later ones store.
 *
 * - 1 → 2: the effect class `unsafe` is called `once`;
 * - 2 → 3: limits of time and tokens beside that of model calls; what was nudged, repeated, summed up.
 */
export const turnMigrations: Migrations = {
  1: ({ state, context }) => ({ state, context: { ...context, calls: callsOf(context).map(renamed) } }),
  2: ({ state, context }) => ({
    state,
    context: {
      ...context,
      limits: { iterations: iterationsOf(context), tokens: 0, workMs: 0 },
      unattended: false,
      workedMs: 0,
      repeats: 0,
      nudged: { announced: 0, cutOff: 0 },
      concluding: null,
      compacted: false,
      budget: null,
      notices: [],
    },
  }),
};

export const TURN_VERSION = 3;

function callsOf(context: StoredState['context']): readonly object[] {
  if ('calls' in context && Array.isArray(context.calls)) return context.calls;
  throw new Error('a stored turn has calls');
}

function iterationsOf(context: StoredState['context']): number {
  if ('maxIterations' in context && typeof context.maxIterations === 'number') return context.maxIterations;
  throw new Error('a stored turn has a limit of iterations');
}

function renamed(call: object): object {
  return 'effect' in call && call.effect === 'unsafe' ? { ...call, effect: 'once' } : call;
}
