import { type Actor, type ActorRef, createSystem } from 'comedy';
import { type Arm, heapPerItem, perSecond } from './arm.ts';
import { SIBLINGS } from './idle.ts';
import { BALLS } from './players.ts';

/** Behaviour of a player, with its state, the way comedy has it. */
function createPlayer() {
  let peer: ActorRef | undefined;
  let hits = 0;
  let finished = () => {};
  return {
    begin(other: ActorRef, times: number, done: () => void) {
      [peer, hits, finished] = [other, times, done];
    },
    ball() {
      if (hits-- === 0) finished();
      else peer?.send('ball');
    },
  };
}

export const rally: Arm = async () => {
  const root = await openSystem();
  const [a, b] = [await root.createChild(createPlayer()), await root.createChild(createPlayer())];
  const hit = (balls: number): Promise<void> =>
    new Promise((finished) => {
      a.send('begin', b, balls / 2, finished);
      b.send('begin', a, balls / 2, finished);
      a.send('ball');
    });
  return async () => ({ perSecond: await perSecond(BALLS, hit) });
};

export const turnover: Arm = async () => {
  const root = await openSystem();
  await addChildren(root, SIBLINGS);
  const comeAndGo = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time++) await (await addChild(root)).destroy();
  };
  return async () => ({ perSecond: await perSecond(20, comeAndGo) });
};

/** Fewer than of the others, because they take long to create. */
const CROWD = 10_000;

export const memory: Arm = async () => async () => {
  const root = await openSystem();
  return { bytes: await heapPerItem(CROWD, () => addChildren(root, CROWD)) };
};

/** In test mode it writes nothing to the terminal. */
function openSystem(): Promise<Actor> {
  return createSystem({ test: true }).rootActor();
}

async function addChildren(root: Actor, count: number): Promise<readonly ActorRef[]> {
  const all: ActorRef[] = [];
  for (let place = 0; place < count; place++) all.push(await addChild(root));
  return all;
}

function addChild(root: Actor): Promise<ActorRef> {
  let talked = 0;
  return root.createChild({ talk: () => ++talked });
}
