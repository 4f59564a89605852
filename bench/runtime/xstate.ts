import { type AnyActorRef, assign, createActor, setup, stopChild } from 'xstate';
import { type Arm, heapPerItem, perSecond } from './arm.ts';
import { CROWD, idleMachine, SIBLINGS } from './idle.ts';

type HostEvent =
  | { readonly type: 'come'; readonly id: string }
  | { readonly type: 'go'; readonly id: string };

/** The way XState offers: a machine that spawns. */
const host = setup({
  types: { context: {} as { last: AnyActorRef | undefined }, events: {} as HostEvent },
  actors: { idle: idleMachine },
}).createMachine({
  context: ({ spawn }) => {
    for (let place = 0; place < SIBLINGS; place++) spawn('idle', { id: `child-${place}` });
    return { last: undefined };
  },
  on: {
    come: { actions: assign({ last: ({ event, spawn }) => spawn('idle', { id: event.id }) }) },
    go: { actions: stopChild(({ event }) => event.id) },
  },
});

export const turnover: Arm = async () => {
  const parent = createActor(host).start();
  let ids = 0;
  const comeAndGo = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time++) {
      const id = `guest-${ids++}`;
      parent.send({ type: 'come', id });
      parent.send({ type: 'go', id });
    }
  };
  return async () => ({ perSecond: await perSecond(5, comeAndGo) });
};

/** Each a root of its own: a machine takes too long to spawn so many. */
export const memory: Arm = async () => async () => ({
  bytes: await heapPerItem(CROWD, async () =>
    Array.from({ length: CROWD }, () => createActor(idleMachine).start()),
  ),
});
