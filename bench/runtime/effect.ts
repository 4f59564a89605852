import { Effect, Fiber, Queue } from 'effect';
import { type Arm, heapPerItem, perSecond } from './arm.ts';
import { CROWD, SIBLINGS } from './idle.ts';
import { BALLS } from './players.ts';

/** An actor is a fiber that takes from a bounded queue. */
const CAPACITY = 1_000;

export const rally: Arm = async () => {
  let finished = () => {};
  const [a, b] = [openQueue(), openQueue()];
  const player = (inbox: Inbox, peer: Inbox) =>
    Effect.forever(
      Effect.flatMap(Queue.take(inbox), (left) =>
        left === 0 ? Effect.sync(() => finished()) : Queue.offer(peer, left - 1),
      ),
    );
  Effect.runFork(player(a, b));
  Effect.runFork(player(b, a));
  const hit = (balls: number): Promise<void> =>
    new Promise((resolve) => {
      finished = resolve;
      Queue.offerUnsafe(a, balls);
    });
  return async () => ({ perSecond: await perSecond(BALLS, hit) });
};

/** A fiber has no siblings to be kept with; so many others run. */
export const turnover: Arm = async () => {
  const others = Array.from({ length: SIBLINGS }, startActor);
  const comeAndGo = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time++) await Effect.runPromise(Fiber.interrupt(startActor()));
  };
  return async () => {
    const rate = await perSecond(100, comeAndGo);
    if (others.length !== SIBLINGS) throw new Error('the others are gone');
    return { perSecond: rate };
  };
};

export const memory: Arm = async () => async () => {
  let all: readonly Fiber.Fiber<unknown>[] = [];
  const bytes = await heapPerItem(CROWD, async () => {
    all = Array.from({ length: CROWD }, startActor);
    return all;
  });
  await Effect.runPromise(Fiber.interruptAll(all));
  return { bytes };
};

type Inbox = Queue.Queue<number>;

function openQueue(): Inbox {
  return Effect.runSync(Queue.bounded<number>(CAPACITY));
}

function startActor(): Fiber.Fiber<unknown> {
  return Effect.runFork(Effect.forever(Queue.take(openQueue())));
}
