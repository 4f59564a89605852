import { setup } from 'xstate';
import { type ActorSystemHandle, startSystem, supervisor } from '../../src/runtime/index.ts';
import { quantile } from '../harness.ts';
import type { Arm } from './arm.ts';

const CRASHES = 500;

const fragile = setup({}).createMachine({
  on: {
    crash: {
      actions: () => {
        throw new Error('crashed on request');
      },
    },
  },
});

/** From the event that crashes an actor until its name leads to the next incarnation, which has started. */
export const crash: Arm = async () => {
  let started = () => {};
  const children = [{ id: 'fragile', logic: fragile, name: 'fragile' }];
  const flags = { strategy: 'one_for_one', intensity: Number.MAX_SAFE_INTEGER, period: 1, children } as const;
  const system = await startSystem(supervisor(flags), {
    onReport: ({ type }) => {
      if (type === 'progress_report') started();
    },
  });

  const once = async (): Promise<number> => {
    const before = system.whereis('fragile');
    const restarted = new Promise<void>((resolve) => {
      started = resolve;
    });
    const crashedAt = performance.now();
    system.send('fragile', { type: 'crash' });
    await restarted;
    const ms = performance.now() - crashedAt;
    requireAnother(system, before);
    return ms;
  };

  return async () => {
    const all: number[] = [];
    for (let time = 0; time < CRASHES; time++) all.push(await once());
    return { p50: quantile(all, 0.5), p99: quantile(all, 0.99) };
  };
};

function requireAnother(system: ActorSystemHandle, before: unknown): void {
  const now = system.whereis('fragile');
  if (!now || now === before) throw new Error('the next incarnation is not registered');
}
