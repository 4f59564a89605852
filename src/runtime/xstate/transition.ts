import {
  type AnyActorScope,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type AnyTransitionDefinition,
  createActor,
  type EventObject,
  type ExecutableActionObject,
} from 'xstate';

type Step = readonly [next: AnyMachineSnapshot, actions: readonly ExecutableActionObject[]];

/**
 * XState's pure `transition` and `initialTransition`, which make an actor of the machine for every event, to have a place
 * that nothing is done in. That takes longer than the transition, so one such place serves all events of a machine.
 * Only for machines that neither invoke nor spawn anything, since those would be remembered there.
 */
export function pureTransition(
  machine: AnyStateMachine,
  snapshot: AnyMachineSnapshot,
  event: EventObject,
): Step {
  const { place, actions } = openPlace(machine);
  return [machine.transition(snapshot, event, place), actions];
}

/** How the machine begins; see `pureTransition`. */
export function pureStart(machine: AnyStateMachine, input: unknown): Step {
  const { place, actions } = openPlace(machine);
  return [machine.getInitialSnapshot(place, input), actions];
}

/** The transitions that the event takes a machine through, in order, those without an event included. */
export function takenTransitions(
  machine: AnyStateMachine,
  snapshot: AnyMachineSnapshot,
  event: EventObject,
): readonly AnyTransitionDefinition[] {
  const { place } = openPlace(machine);
  const taken: AnyTransitionDefinition[] = [];
  const system = Object.assign(Object.create(place.system), {
    _sendInspectionEvent: (seen: object) => {
      // XState tells inspectors so; `xstate.test.ts` fails where it no longer does.
      if ('_transitions' in seen && Array.isArray(seen._transitions)) taken.push(...seen._transitions);
    },
  });
  machine.transition(snapshot, event, { ...place, system });
  return taken;
}

function openPlace(machine: AnyStateMachine) {
  const actions: ExecutableActionObject[] = [];
  const actionExecutor = (action: ExecutableActionObject): void => void actions.push(action);
  return { place: { ...placeOf(machine), actionExecutor }, actions };
}

const places = new WeakMap<AnyStateMachine, AnyActorScope>();

function placeOf(machine: AnyStateMachine): AnyActorScope {
  const known = places.get(machine);
  if (known) return known;
  const self = createActor(machine);
  const nothing = (): void => {};
  const place = {
    self,
    system: self.system,
    id: '',
    sessionId: '',
    logger: nothing,
    defer: nothing,
    emit: nothing,
    stopChild: nothing,
    actionExecutor: nothing,
  };
  places.set(machine, place);
  return place;
}
