import type { AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate';
import { initialState, type Move, move } from '../durable/statechart.ts';
import { takenTransitions } from '../xstate/index.ts';
import { transitionId } from './chart.ts';

/** Where a durable machine begins; nothing is done. */
export const pureBegin = (machine: AnyStateMachine, input: unknown): AnyMachineSnapshot =>
  initialState(machine, input);

/** Where an event leads a durable machine, and what it asks for on the way; nothing is done. */
export const pureStep = (machine: AnyStateMachine, snapshot: AnyMachineSnapshot, event: EventObject): Move =>
  move(machine, snapshot, event);

/** Ids, in the machine's chart, of the transitions that an event takes it through. */
export const takenBy = (
  machine: AnyStateMachine,
  snapshot: AnyMachineSnapshot,
  event: EventObject,
): readonly string[] =>
  takenTransitions(machine, snapshot, event).flatMap((one) => transitionId(machine, one) ?? []);
