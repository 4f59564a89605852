import { type ActorSystemRef, dispatch, type Ref, spawn, start, stop } from 'nact';
import { type Arm, heapPerItem, perSecond } from './arm.ts';
import { CROWD, SIBLINGS } from './idle.ts';
import { BALLS } from './players.ts';

interface Side {
  readonly peer: Ref<Message> | undefined;
  readonly hits: number;
  readonly finished: () => void;
}

type Message = { readonly type: 'ball' } | ({ readonly type: 'begin' } & Side);

const BALL = { type: 'ball' } as const;
const IDLE: Side = { peer: undefined, hits: 0, finished: () => {} };

function play(side: Side = IDLE, message: Message): Side {
  if (message.type === 'begin') return message;
  if (side.hits === 0) side.finished();
  else if (side.peer) dispatch(side.peer, BALL);
  return { ...side, hits: side.hits - 1 };
}

export const rally: Arm = async () => {
  const system = start();
  const [a, b] = [spawn(system, play), spawn(system, play)];
  const hit = (balls: number): Promise<void> =>
    new Promise((finished) => {
      const hits = balls / 2;
      dispatch(a, { type: 'begin', peer: b, hits, finished });
      dispatch(b, { type: 'begin', peer: a, hits, finished });
      dispatch(a, BALL);
    });
  return async () => ({ perSecond: await perSecond(BALLS, hit) });
};

export const turnover: Arm = async () => {
  const system = start();
  for (let place = 0; place < SIBLINGS; place++) addChild(system, `child-${place}`);
  let ids = 0;
  const comeAndGo = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time++) stop(addChild(system, `guest-${ids++}`));
  };
  return async () => ({ perSecond: await perSecond(100, comeAndGo) });
};

export const memory: Arm = async () => async () => {
  const system = start();
  const bytes = await heapPerItem(CROWD, async () =>
    Array.from({ length: CROWD }, (_, place) => addChild(system, `child-${place}`)),
  );
  stop(system);
  return { bytes };
};

function addChild(system: ActorSystemRef, name: string): Ref<unknown> {
  return spawn(system, (state: { readonly talked: number }) => state, name, { initialState: { talked: 0 } });
}
