import {
  type AnyActorScope,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type AnyStateNode,
  type EventObject,
  StateMachine,
} from 'xstate';
import { systemInternals } from '../internals.ts';
import type { Move } from './move.ts';
import { chooseMove, type Plan, planOf } from './plan.ts';
import { compileStart } from './start.ts';

type Step = AnyStateMachine['transition'];

const compiled = new WeakMap<AnyStateMachine, AnyStateMachine>();

/**
 * The same machine with a faster step. At every event XState works out anew which states a transition leaves and
 * enters; here that is worked out once, for each state when it is first active, and for the beginning. What is not
 * simple is left to XState, and nobody can tell the two apart.
 *
 * What is returned has the machine as its prototype; snapshots name the machine itself. It keeps one plan for each
 * state, whose size is the number of transitions that start there or in a state around it.
 */
export function withCompiledStep(machine: AnyStateMachine): AnyStateMachine {
  const known = compiled.get(machine);
  if (known) return known;
  const faster = isSequential(machine.root) ? compiledMachine(machine) : machine;
  compiled.set(machine, faster);
  return faster;
}

function compiledMachine(machine: AnyStateMachine): AnyStateMachine {
  const step = isOverridden(machine, 'transition') ? undefined : compile(machine);
  const start = isOverridden(machine, 'getInitialSnapshot') ? undefined : compileStart(machine);
  return Object.create(machine, {
    ...(step && { transition: { value: step } }),
    ...(start && { getInitialSnapshot: { value: start } }),
  });
}

/** Whether somebody made this machine of another, as higher-order logic does, and has it do something of its own. */
function isOverridden(machine: object, member: keyof AnyStateMachine): boolean {
  const origin: object = Object.getPrototypeOf(machine);
  if (origin === StateMachine.prototype) return false;
  return Object.hasOwn(machine, member) || isOverridden(origin, member);
}

/** Whether there is always exactly one innermost state, whatever was active before. */
function isSequential({ type, states }: AnyStateNode): boolean {
  return type !== 'parallel' && type !== 'history' && Object.values(states).every(isSequential);
}

function compile(machine: AnyStateMachine): Step {
  const plans = new Map<AnyStateNode, Plan>();
  const planAt = (leaf: AnyStateNode): Plan => {
    const plan = plans.get(leaf) ?? planOf(leaf);
    plans.set(leaf, plan);
    return plan;
  };
  return (snapshot, event, scope) => {
    const leaf = snapshot.status === 'active' ? snapshot._nodes.at(-1) : undefined;
    const move = leaf && chooseMove(planAt(leaf), snapshot, event);
    return move ? take(move, snapshot, event, scope) : machine.transition(snapshot, event, scope);
  };
}

function take(
  { actions, arrival, transitions }: Move,
  before: AnyMachineSnapshot,
  event: EventObject,
  scope: AnyActorScope,
): AnyMachineSnapshot {
  let snapshot = before;
  for (const perform of actions) snapshot = perform(snapshot, event, scope);
  if (arrival) snapshot = { ...snapshot, ...arrival };
  systemInternals(scope.system)._sendInspectionEvent({
    type: '@xstate.microstep',
    actorRef: scope.self,
    event,
    snapshot,
    _transitions: transitions,
  });
  return snapshot;
}
