import type { AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate';
import { pureStart, pureTransition } from '../xstate/index.ts';

/** A flat machine at rest: its state is one word. */
export interface StoredState {
  readonly state: string;
  readonly context: object;
}

/** An action that the machine asks for by name, to be carried out by its actor. */
export interface Request {
  readonly type: string;
  readonly params: unknown;
}

/** Where an event leads, and what the machine asks for on the way. */
export interface Move {
  readonly next: AnyMachineSnapshot;
  readonly requests: readonly Request[];
}

/**
 * A machine that is stored after every step must be one word and a context. What it waits for must be on disk, and
 * an actor or a timer inside of the machine is not.
 *
 * @throws Error that names the state and what is wrong with it
 */
export function checkDurable(machine: AnyStateMachine): void {
  const refuse = (state: string, what: string, instead: string): never => {
    throw new Error(`"${machine.id}" cannot be durable: state "${state}" ${what}. ${instead}`);
  };
  for (const [name, node] of Object.entries(machine.states)) {
    if (Object.keys(node.states).length > 0) refuse(name, 'has states of its own', 'Make the machine flat.');
    if (node.after.length > 0) refuse(name, 'has a timer (`after`)', 'Ask for an effect that waits instead.');
    if (node.invoke.length > 0) refuse(name, 'invokes an actor', 'Ask for an effect instead.');
  }
  if (machine.root.type === 'parallel') refuse(machine.id, 'is parallel', 'Make the machine flat.');
  if (machine.root.after.length > 0 || machine.root.invoke.length > 0) {
    refuse(machine.id, 'has a timer or invokes an actor', 'Ask for an effect instead.');
  }
}

/** @throws Error where the initial state asks for something: there would be no event to commit it with */
export function initialState(machine: AnyStateMachine, input: unknown): AnyMachineSnapshot {
  const [snapshot, actions] = pureStart(machine, input);
  if (actions.flatMap(toRequest).length > 0) {
    throw new Error(`"${machine.id}" cannot be durable: it asks for something before its first event.`);
  }
  return snapshot;
}

/** Whether the event means something to the machine in this state. One that is done takes nothing any more. */
export function accepts(snapshot: AnyMachineSnapshot, event: EventObject): boolean {
  return snapshot.status === 'active' && snapshot.can(event);
}

export function move(machine: AnyStateMachine, snapshot: AnyMachineSnapshot, event: EventObject): Move {
  const [next, actions] = pureTransition(machine, snapshot, event);
  return { next, requests: actions.flatMap(toRequest) };
}

export function atRest({ value, context }: AnyMachineSnapshot): StoredState {
  return { state: String(value), context };
}

export function restore(machine: AnyStateMachine, { state, context }: StoredState): AnyMachineSnapshot {
  return machine.resolveState({ value: state, context });
}

/** An event that the machine raised for itself has been taken in by the time the transition is made. */
function toRequest({ type, params }: Request): readonly Request[] {
  if (type === 'xstate.raise' && !isDelayed(params)) return [];
  return [{ type, params }];
}

function isDelayed(params: unknown): boolean {
  return params instanceof Object && 'delay' in params && params.delay !== undefined;
}
