import { setup } from 'xstate';

/** A machine that waits to be spoken to, with a context of its own, as most sessions are most of the time. */
export const idleMachine = setup({
  types: { context: {} as { readonly talked: number }, events: {} as { type: 'talk' } },
}).createMachine({
  context: () => ({ talked: 0 }),
  initial: 'waiting',
  states: { waiting: { on: { talk: 'talking' } }, talking: {} },
});

const HOUR_MS = 3_600_000;

/** The same, but it gives up some day: it holds a timer. */
export const patientMachine = setup({}).createMachine({
  initial: 'waiting',
  states: { waiting: { after: { [HOUR_MS]: 'done' } }, done: { type: 'final' } },
});

/** Beside the one that comes and goes. */
export const SIBLINGS = 10_000;

/** Actors that memory is measured with. */
export const CROWD = 100_000;
