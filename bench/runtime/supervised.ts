import type { AnyActorLogic, AnyActorRef } from 'xstate';
import {
  type ActorSystemHandle,
  startChild,
  startSystem,
  supervisor,
  terminateChild,
} from '../../src/runtime/index.ts';
import { median } from '../harness.ts';
import { type Arm, heapPerItem, perSecond } from './arm.ts';
import { longestBlock } from './event-loop.ts';
import { CROWD, idleMachine, patientMachine, SIBLINGS } from './idle.ts';

/** One child at a time comes and goes, each waited for, under a supervisor that has many others. */
export const turnover: Arm = async () => {
  const { pool } = await startPool();
  await addChildren(pool, SIBLINGS);
  let ids = 0;
  const comeAndGo = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time++) {
      const id = `guest-${ids++}`;
      await addChild(pool, id);
      await terminateChild(pool, id);
    }
  };
  return async () => ({ perSecond: await perSecond(100, comeAndGo) });
};

/** What an idle actor takes, with all that its supervisor keeps of it. */
export const memory: Arm = async () => async () => {
  const { system, pool } = await startPool();
  const bytes = await heapPerItem(CROWD, async () => {
    await addChildren(pool, CROWD);
    return pool;
  });
  await system.stop();
  return { bytes };
};

const FEW = 1_000;
const MANY = 100_000;

/** How much more each child costs when there are 100 times as many. The few are measured often: they are soon done. */
export const scale: Arm = async () => async () => {
  const few: StartStop[] = [];
  for (let time = 0; time < 10; time++) few.push(await startAndStop(FEW, idleMachine));
  const many = await startAndStop(MANY, idleMachine);
  const usual = (of: (times: StartStop) => number) => median(few.map(of)) / FEW;
  return {
    startMs: many.startMs,
    stopMs: many.stopMs,
    start: many.startMs / MANY / usual(({ startMs }) => startMs),
    stop: many.stopMs / MANY / usual(({ stopMs }) => stopMs),
  };
};

/** Each timer has to be cancelled when its actor stops. */
export const timers: Arm = async () => async () => {
  const { stopMs, longestBlockMs } = await startAndStop(10_000, patientMachine);
  return { seconds: stopMs / 1_000, longestBlockMs };
};

interface StartStop {
  readonly startMs: number;
  readonly stopMs: number;
  /** While it stopped. */
  readonly longestBlockMs: number;
}

async function startAndStop(count: number, logic: AnyActorLogic): Promise<StartStop> {
  const children = Array.from({ length: count }, (_, place) => ({ id: `child-${place}`, logic }));
  const startedAt = performance.now();
  const system = await startSystem(supervisor({ strategy: 'one_for_one', children }));
  const startMs = performance.now() - startedAt;
  const stopped = await longestBlock(() => system.stop());
  return { startMs, stopMs: stopped.ms, longestBlockMs: stopped.longestMs };
}

interface Pool {
  readonly system: ActorSystemHandle;
  readonly pool: AnyActorRef;
}

async function startPool(): Promise<Pool> {
  const logic = supervisor({ strategy: 'one_for_one', children: [] });
  const children = [{ id: 'pool', logic, name: 'pool' }];
  const system = await startSystem(supervisor({ strategy: 'one_for_one', children }));
  const pool = system.whereis('pool');
  if (!pool) throw new Error('the pool is not registered');
  return { system, pool };
}

async function addChildren(pool: AnyActorRef, count: number): Promise<void> {
  for (let place = 0; place < count; place++) await addChild(pool, `child-${place}`);
}

/** Like a session: it is started by request and forgotten once it has been stopped. */
async function addChild(pool: AnyActorRef, id: string): Promise<void> {
  const started = await startChild(pool, { id, logic: idleMachine, restart: 'temporary' });
  if (!started.ok) throw new Error(`${id} did not start: ${started.error.kind}`);
}
