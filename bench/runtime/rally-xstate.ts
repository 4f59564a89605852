import { type AnyActorLogic, createActor } from 'xstate';
import { type Arm, perSecond } from './arm.ts';
import { BALLS, customPlayer, machinePlayer, rally } from './players.ts';

/** Bare XState: no mailbox but its own, nobody above. */
const between =
  (logic: AnyActorLogic): Arm =>
  async () => {
    const [a, b] = [createActor(logic).start(), createActor(logic).start()];
    return async () => ({ perSecond: await perSecond(BALLS, (balls) => rally(a, b, balls)) });
  };

export const machines = between(machinePlayer);
export const customLogic = between(customPlayer);
