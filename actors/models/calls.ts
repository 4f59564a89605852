import { type AnyActorRef, isMachineSnapshot } from 'xstate';
import { type ActorSystemHandle, whichChildren } from '../../src/runtime/index.ts';
import { MODEL_CALLS } from '../names.ts';

/** Whether this call has a slot: it does from the moment it is given one until it has ended. */
export const isUnderWay = (call: AnyActorRef): boolean => {
  const snapshot: unknown = call.getSnapshot();
  return isMachineSnapshot(snapshot) && snapshot.status === 'active' && !snapshot.matches('queueing');
};

/** How many calls run now, and how many wait for their turn. */
export function countCalls(tree: Pick<ActorSystemHandle, 'whereis'> | undefined): CallCounts {
  const supervisor = tree?.whereis(MODEL_CALLS);
  const calls = supervisor ? whichChildren(supervisor) : [];
  const running = calls.filter(({ child }) => child && child !== 'restarting' && isUnderWay(child)).length;
  return { running, waiting: calls.length - running };
}

export interface CallCounts {
  readonly running: number;
  readonly waiting: number;
}
