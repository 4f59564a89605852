import { expect, test } from 'vitest';
import { createMachine, SimulatedClock } from 'xstate';
import { startSystem, supervisor } from '../../runtime/index.ts';
import { type Plan, runCampaign } from './campaign.ts';
import type { FaultKind, Subject, Time } from './fault.ts';

const PROGRESS_MS = 200;
const KINDS: readonly FaultKind[] = ['crash', 'hang', 'delay'];

/** A tree of two workers of which one may be hung, on a clock that stands still but for the waits of the campaign. */
async function openTree() {
  const clock = new SimulatedClock();
  const logic = createMachine({
    initial: 'tick',
    states: { tick: { after: { 20: 'tock' } }, tock: { after: { 20: 'tick' } } },
  });
  const root = supervisor({
    strategy: 'one_for_one',
    intensity: 3,
    period: 1,
    children: [
      { id: 'watched', logic, progress: { within: PROGRESS_MS, by: 'state' } },
      { id: 'plain', logic },
    ],
  });
  const system = await startSystem(root, { clock });
  const subject: Subject = {
    tree: async () => system.tree(),
    async inflict(path, fault) {
      const done = fault.kind === 'delay' ? system.delay(path, fault.milliseconds) : system[fault.kind](path);
      return done ? 'done' : 'refused';
    },
  };
  const time: Time = {
    now: () => clock.now(),
    async wait(milliseconds) {
      clock.increment(milliseconds);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
  return { system, subject, time };
}

test('a supervised tree comes back from every kind of fault, within what its supervisor can bear', async () => {
  const { system, subject, time } = await openTree();
  const plan: Plan = {
    faults: 30,
    rate: 20,
    seed: 7,
    kinds: KINDS,
    paths: { only: [], except: [] },
    merciless: false,
  };
  const { wounds, problems } = await runCampaign(plan, { subject, time, lookEveryMs: 5 });
  expect(problems).toEqual([]);
  expect(new Set(wounds.map(({ kind }) => kind))).toEqual(new Set(KINDS));
  const hung = wounds.filter(({ kind }) => kind === 'hang');
  for (const { path, recoveredMs } of hung) {
    expect(path).toBe('root/watched');
    expect(recoveredMs).toBeGreaterThanOrEqual(PROGRESS_MS - 20);
  }
  await system.stop();
});
