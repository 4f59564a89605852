import type { Migrations, StoredState } from '../src/runtime/durable/index.ts';

/**
 * What earlier versions of the turn's machine stored, turned into what later ones store.
 *
 * 1 → 2: the effect class `unsafe` is called `once`.
 */
export const turnMigrations: Migrations = {
  1: ({ state, context }) => ({ state, context: { ...context, calls: callsOf(context).map(renamed) } }),
};

export const TURN_VERSION = 2;

function callsOf(context: StoredState['context']): readonly object[] {
  if ('calls' in context && Array.isArray(context.calls)) return context.calls;
  throw new Error('a stored turn has calls');
}

function renamed(call: object): object {
  return 'effect' in call && call.effect === 'unsafe' ? { ...call, effect: 'once' } : call;
}
