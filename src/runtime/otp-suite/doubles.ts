/** More children for OTP's suite: they fail to come back, take their time to end, or carry something heavy. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type AnyActorLogic, type AnyActorRef, fromCallback, setup } from 'xstate';
import { type ChildSpec, whichChildren } from '../index.ts';
import { fragile, macrotask } from '../test-doubles.ts';

/** A child that starts once, and then fails to for as long as `broken` says so. */
export interface Flaky {
  readonly spec: ChildSpec;
  broken: boolean;
  attempts: number;
}

/** Frees what nothing leads to any more. */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('this Node.js does not let itself be collected');
  // A weak reference that was made or read stays alive until its macrotask is over.
  for (let round = 0; round < 3; round++) {
    await macrotask();
    collect();
  }
}

export function flaky(log: string[], id: string): Flaky {
  const logic = fragile(log, id, (attempt) => {
    double.attempts = attempt;
    return double.broken && attempt > 1;
  });
  const double: Flaky = { spec: { id, logic }, broken: true, attempts: 0 };
  return double;
}

/** Runs, and holds on to nothing that it is given. */
export const idle: AnyActorLogic = fromCallback(() => {});

/** Ends so many milliseconds after it is told to shut down; its input says how many. */
export const lingerer = setup({
  types: { context: {} as { linger: number }, input: {} as number },
  delays: { linger: ({ context }) => context.linger },
}).createMachine({
  context: ({ input }) => ({ linger: input }),
  initial: 'open',
  states: {
    open: { on: { 'supervisor.shutdown': 'draining' } },
    draining: { after: { linger: 'drained' } },
    drained: { type: 'final' },
  },
});

/** The children as `whichChildren` lists them, by id: alive, between two incarnations, or not running. */
export function statesOf(
  sup: AnyActorRef,
): readonly (readonly [string, 'alive' | 'restarting' | undefined])[] {
  return whichChildren(sup).map(({ id, child }) => {
    if (child === undefined || child === 'restarting') return [id, child] as const;
    return [id, 'alive'] as const;
  });
}
