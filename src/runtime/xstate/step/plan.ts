import type { AnyMachineSnapshot, AnyStateNode, EventObject } from 'xstate';
import { isXStateEvent } from '../../mailbox/internal-event.ts';
import { compileMove, type Move, STAY } from './move.ts';
import { pathTo } from './route.ts';

/** What can happen next, in the order in which it is tried; nothing where that is left to XState. */
type Moves = readonly Move[];

/** What can happen in a state, by event type. */
export interface Plan {
  readonly byType: ReadonlyMap<string, Moves>;
  /** For types that no transition names. */
  readonly otherwise: Moves;
}

const ANY = '*';
const LEFT_TO_XSTATE: Moves = [];

/** @param leaf the innermost active state: its transitions are tried first, then those of the states around it */
export function planOf(leaf: AnyStateNode): Plan {
  const nodes = pathTo(leaf).toReversed();
  const types = new Set(nodes.flatMap(({ transitions }) => [...transitions.keys()]));
  if (nodes.some(({ always }) => always) || [...types].some((type) => type.endsWith('.*')))
    return { byType: new Map(), otherwise: LEFT_TO_XSTATE };

  const movesBy = (...descriptors: readonly string[]): Moves => {
    const transitions = nodes.flatMap((node) =>
      descriptors.flatMap((descriptor) => node.transitions.get(descriptor) ?? []),
    );
    const moves = transitions.flatMap((transition) => compileMove(leaf, transition) ?? []);
    return moves.length === transitions.length ? [...moves, STAY] : LEFT_TO_XSTATE;
  };
  const isLeft = (type: string): boolean => type === ANY || isXStateEvent({ type });
  return {
    byType: new Map([...types].map((type) => [type, isLeft(type) ? LEFT_TO_XSTATE : movesBy(type, ANY)])),
    otherwise: movesBy(ANY),
  };
}

/**
 * Undefined where the event is left to XState.
 *
 * @throws Error of a guard that throws
 */
export function chooseMove(plan: Plan, snapshot: AnyMachineSnapshot, event: EventObject): Move | undefined {
  const moves = plan.byType.get(event.type) ?? (isXStateEvent(event) ? LEFT_TO_XSTATE : plan.otherwise);
  return moves.find(({ guard }) => !guard || guard(snapshot, event));
}
