import type { AnyActorLogic } from 'xstate';
import { type ActorSystemHandle, startSystem, supervisor } from '../../src/runtime/index.ts';
import { type Arm, perSecond } from './arm.ts';
import { BALLS, customPlayer, machinePlayer, rally, transitionPlayer } from './players.ts';

/** Two players under one supervisor, each behind a bounded mailbox. */
export async function startPlayers(logic: AnyActorLogic): Promise<Court> {
  const children = ['a', 'b'].map((id) => ({ id, logic, name: id }));
  const system = await startSystem(supervisor({ strategy: 'one_for_one', children }));
  const [a, b] = [system.whereis('a'), system.whereis('b')];
  if (!a || !b) throw new Error('a player is not registered');
  return {
    system,
    measure: async () => ({ perSecond: await perSecond(BALLS, (balls) => rally(a, b, balls)) }),
  };
}

interface Court {
  readonly system: ActorSystemHandle;
  readonly measure: () => Promise<{ perSecond: number }>;
}

const between =
  (logic: AnyActorLogic): Arm =>
  async () =>
    (await startPlayers(logic)).measure;

export const machines = between(machinePlayer);
export const transitions = between(transitionPlayer);
export const customLogic = between(customPlayer);
