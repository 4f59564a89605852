import { fromPromise, setup } from 'xstate';
import type { SlotPool } from '../../sandbox/index.ts';

export interface SlotInput {
  readonly pool: SlotPool;
}

/** How long a slot may have nothing to do before it goes, where the pool can do without it. */
const IDLE_MS = 30_000;

/**
 * One process that runs guests. Where the pool had to kill it, because a guest did not come to an end, the next process
 * takes its place at once. One that dies by itself is a crash of this actor, and its supervisor's business.
 */
export const slot = setup({
  types: { context: {} as SlotInput, input: {} as SlotInput },
  actors: {
    process: fromPromise<'killed' | 'retired', SlotInput>(({ input: { pool }, signal }) =>
      runProcess(pool, signal),
    ),
  },
  guards: {
    isRetired: (_, how: 'killed' | 'retired') => how === 'retired',
  },
}).createMachine({
  id: 'slot',
  context: ({ input }) => input,
  initial: 'running',
  states: {
    running: {
      invoke: {
        id: 'process',
        src: 'process',
        input: ({ context }) => context,
        onDone: [
          { guard: { type: 'isRetired', params: ({ event }) => event.output }, target: 'retired' },
          { target: 'running', reenter: true },
        ],
      },
    },
    retired: { type: 'final' },
  },
});

/** @throws Error where the process died by itself */
async function runProcess(pool: SlotPool, signal: AbortSignal): Promise<'killed' | 'retired'> {
  // Loaded with the first slot: an assistant without tools from outside needs none of it.
  const { startSlot } = await import('../../sandbox/pool/slot.ts');
  const process = startSlot();
  let retired = false;
  const retire = (): void => {
    retired = true;
    process.close();
  };
  const idle = setInterval(() => {
    if (pool.mayRetire(process)) retire();
  }, IDLE_MS);
  signal.addEventListener('abort', retire, { once: true });
  pool.add(process);
  const { expected, reason } = await process.ended;
  clearInterval(idle);
  if (!expected) throw new Error(`a sandbox process ended: ${reason}`);
  return retired ? 'retired' : 'killed';
}
