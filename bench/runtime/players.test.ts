import { expect, test } from 'vitest';
import { type AnyActorLogic, createActor, type InspectionEvent } from 'xstate';
import { startSystem, supervisor } from '../../src/runtime/index.ts';
import { customPlayer, machinePlayer, rally, transitionPlayer } from './players.ts';

const PLAYERS: readonly (readonly [string, AnyActorLogic])[] = [
  ['machines', machinePlayer],
  ['fromTransition', transitionPlayer],
  ['logic by hand', customPlayer],
];

/** The balls that actors got. */
function counter(): { readonly inspect: (event: InspectionEvent) => void; readonly balls: () => number } {
  let balls = 0;
  return {
    inspect: (seen) => {
      if (seen.type === '@xstate.event' && seen.event.type === 'ball') balls++;
    },
    balls: () => balls,
  };
}

test.each(PLAYERS)(
  'a rally of bare %s is over when all balls have flown, again and again',
  async (_, logic) => {
    const { inspect, balls } = counter();
    const [a, b] = [createActor(logic, { inspect }).start(), createActor(logic, { inspect }).start()];
    await rally(a, b, 10);
    expect(balls()).toBe(11);
    await rally(a, b, 6);
    expect(balls()).toBe(18);
  },
);

test.each(PLAYERS)('supervised %s play the same rally', async (_, logic) => {
  const { inspect, balls } = counter();
  const children = ['a', 'b'].map((id) => ({ id, logic, name: id }));
  const system = await startSystem(supervisor({ strategy: 'one_for_one', children }), { inspect });
  const [a, b] = [system.whereis('a'), system.whereis('b')];
  if (!a || !b) throw new Error('nobody plays');
  await rally(a, b, 10);
  expect(balls()).toBe(11);
  await system.stop();
});
