import { fromPromise, setup } from 'xstate';
import type { DatabaseGate } from '../src/storage/index.ts';

export interface DatabaseInput {
  readonly gate: DatabaseGate;
}

/**
 * Keeps the database open. It crashes where opening fails and where the connection is lost; its supervisor then
 * starts it, and everything that leans on it, anew.
 */
export const database = setup({
  types: { context: {} as DatabaseInput, input: {} as DatabaseInput },
  actors: {
    open: fromPromise<void, DatabaseInput>(({ input: { gate } }) => gate.open()),
    watch: fromPromise<void, DatabaseInput>(({ input: { gate } }) => gate.lost()),
  },
}).createMachine({
  id: 'database',
  context: ({ input }) => input,
  initial: 'opening',
  states: {
    opening: { invoke: { id: 'connecting', src: 'open', input: ({ context }) => context, onDone: 'open' } },
    open: { invoke: { id: 'connection', src: 'watch', input: ({ context }) => context } },
  },
});

/** Whether the database can be used. */
export function isOpen(snapshot: unknown): boolean {
  return snapshot instanceof Object && 'value' in snapshot && snapshot.value === 'open';
}
