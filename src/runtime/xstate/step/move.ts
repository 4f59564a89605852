import type { AnyMachineSnapshot, AnyStateNode, AnyTransitionDefinition, EventObject } from 'xstate';
import { pathToStateValue } from 'xstate';
import { compileActions, type Perform } from './actions.ts';
import { isCallable, isCombined } from './builtin.ts';
import { paramsOf, refer } from './reference.ts';
import { pathTo, routeOf } from './route.ts';

type Guard = (snapshot: AnyMachineSnapshot, event: EventObject) => boolean;

/** What of a snapshot is different where a transition ends in another state. */
type Arrival = Pick<AnyMachineSnapshot, '_nodes' | 'value' | 'tags'>;

/** One transition from one state, with all that is known before there is an event. */
export interface Move {
  /** None where an event is ignored. */
  readonly transitions: AnyTransitionDefinition[];
  /** Undefined where it is always open. */
  readonly guard: Guard | undefined;
  /** Those of the states it leaves, its own, and those of the states it enters, in this order. */
  readonly actions: readonly Perform[];
  /** Undefined where the state stays the same. */
  readonly arrival: Arrival | undefined;
}

/** What an event comes to that no transition takes. */
export const STAY: Move = { transitions: [], guard: undefined, actions: [], arrival: undefined };

/** Undefined for a transition that is left to XState. */
export function compileMove(leaf: AnyStateNode, transition: AnyTransitionDefinition): Move | undefined {
  const { machine } = leaf;
  const { exits, passes, enters, leaf: next } = routeOf(leaf, transition);
  const isPlain =
    (transition.target?.length ?? 0) <= 1 &&
    next.type === 'atomic' &&
    [...exits, ...passes, ...enters].every(({ invoke }) => invoke.length === 0) &&
    pathTo(next).every(({ always }) => !always);
  const guard = transition.guard ? compileGuard(transition) : undefined;
  const actions = compileActions(machine, [
    ...exits.flatMap(({ exit }) => exit),
    ...transition.actions,
    ...passes.flatMap(({ entry }) => entry),
    ...enters.flatMap(({ entry, initial }) => [...entry, ...initial.actions]),
  ]);
  if (!isPlain || !actions || (transition.guard && !guard)) return undefined;
  return {
    transitions: [transition],
    guard,
    actions,
    arrival: next === leaf ? undefined : arrivalAt(next),
  };
}

function compileGuard({ guard, source }: AnyTransitionDefinition): Guard | undefined {
  const { implementation, params } = refer(guard, source.machine.implementations.guards ?? {});
  if (!isCallable(implementation) || isCombined(implementation)) return undefined;
  return ({ context }, event) => {
    try {
      return Boolean(implementation({ context, event }, paramsOf(params, context, event)));
    } catch (thrown) {
      throw guardError(guard, event, source, thrown);
    }
  };
}

/** In the words of XState, so that it makes no difference who asked. */
function guardError(guard: unknown, event: EventObject, source: AnyStateNode, thrown: unknown): Error {
  const name = isCallable(guard) ? '' : `'${refer(guard, {}).type}' `;
  const where = `in transition for event '${event.type}' in state node '${source.id}'`;
  const message = thrown instanceof Object ? Reflect.get(thrown, 'message') : undefined;
  return new Error(`Unable to evaluate guard ${name}${where}:\n${message}`);
}

function arrivalAt(leaf: AnyStateNode): Arrival {
  const nodes = pathTo(leaf);
  return {
    _nodes: [...nodes],
    value: pathToStateValue(leaf.path),
    tags: new Set(nodes.flatMap(({ tags }) => tags)),
  };
}
