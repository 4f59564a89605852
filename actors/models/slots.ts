import { type AnyActorRef, fromCallback } from 'xstate';
import { type Ask, monitor, reply, type System, whereis, whichChildren } from '../../src/runtime/index.ts';
import { MODEL_CALLS } from '../names.ts';
import { isUnderWay } from './calls.ts';

export interface SlotsInput {
  /** Calls of models that run at once. */
  readonly limit: number;
}

export type SlotsEvent = Ask<{ readonly type: 'slot.take'; readonly call: AnyActorRef }, true>;

/**
 * Lets only so many calls run at once, first come first served. A call holds its slot until its actor has ended,
 * however it ends. One that waits is answered when it is its turn.
 *
 * Restarted, it begins with the calls that run then; those that waited ask again.
 */
export const slots = fromCallback<SlotsEvent, SlotsInput>(({ input: { limit }, receive, system }) => {
  const held = new Map<AnyActorRef, () => void>();
  let waiting: readonly SlotsEvent[] = [];

  function hold(call: AnyActorRef): void {
    held.get(call)?.();
    held.set(
      call,
      monitor(call, () => {
        held.delete(call);
        serve();
      }),
    );
  }
  function serve(): void {
    while (held.size < limit) {
      const [first, ...rest] = waiting;
      if (!first) return;
      waiting = rest;
      // Of one that ended while it waited the monitor tells at once.
      hold(first.call);
      reply(first, true);
    }
  }

  for (const call of callsUnderWay(system)) hold(call);
  receive((event) => {
    waiting = [...waiting, event];
    serve();
  });
  return () => {
    for (const demonitor of held.values()) demonitor();
  };
});

function callsUnderWay(system: System): readonly AnyActorRef[] {
  const supervisor = whereis(system, MODEL_CALLS);
  if (!supervisor) return [];
  return whichChildren(supervisor).flatMap(({ child }) =>
    child && child !== 'restarting' && isUnderWay(child) ? [child] : [],
  );
}
