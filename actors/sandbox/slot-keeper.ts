import { type AnyActorRef, fromCallback } from 'xstate';
import type { SlotPool } from '../../sandbox/index.ts';
import { startInstance, whereis, whichChildren } from '../../src/runtime/index.ts';
import { SANDBOX_SLOTS } from '../names.ts';

export interface SlotKeeperInput {
  readonly pool: SlotPool;
}

/** Starts slots as the pool asks for them; those too many go by themselves. */
export const slotKeeper = fromCallback<{ type: 'demand' }, SlotKeeperInput>(({ input: { pool }, system }) => {
  let counting = Promise.resolve();
  const keep = (): void => {
    counting = counting.then(async () => {
      const supervisor = whereis(system, SANDBOX_SLOTS);
      if (supervisor) await startMissing(supervisor, pool);
    });
  };
  const forget = pool.onDemand(keep);
  keep();
  return forget;
});

async function startMissing(supervisor: AnyActorRef, pool: SlotPool): Promise<void> {
  // Those that wait for their restart count as well.
  const { length } = whichChildren(supervisor);
  for (let slots = length; slots < pool.demand(); slots++) {
    await startInstance(supervisor, { pool });
  }
}
