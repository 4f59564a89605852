import type { AnyActorScope, AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate';
import { type BuiltinAction, isBuiltin, isCallable, isSimple } from './builtin.ts';
import { paramsOf, type Referred, refer } from './reference.ts';

/** Does one action, when and as XState would. Returns the snapshot after it. */
export type Perform = (
  snapshot: AnyMachineSnapshot,
  event: EventObject,
  scope: AnyActorScope,
) => AnyMachineSnapshot;

/** Undefined where one of them is left to XState. */
export function compileActions(
  machine: AnyStateMachine,
  actions: readonly unknown[],
): readonly Perform[] | undefined {
  const performs = actions.flatMap((action) => compileAction(machine, action) ?? []);
  return performs.length === actions.length ? performs : undefined;
}

/** Undefined for an action that is left to XState. */
export function compileAction(machine: AnyStateMachine, action: unknown): Perform | undefined {
  const referred = refer(action, machine.implementations.actions ?? {});
  const { implementation, params } = referred;
  if (!isBuiltin(implementation)) return performCustom(referred);
  return isSimple(implementation) ? performBuiltin(implementation, params) : undefined;
}

/** A name that the machine has no action for is told to the executor all the same. */
function performCustom({ type, implementation, params }: Referred): Perform | undefined {
  if (implementation !== undefined && !isCallable(implementation)) return undefined;
  return (snapshot, event, { actionExecutor, self, system }) => {
    const { context } = snapshot;
    const info = { context, event, self, system };
    actionExecutor({ type, info, params: paramsOf(params, context, event), exec: implementation });
    return snapshot;
  };
}

function performBuiltin(action: BuiltinAction, params: unknown): Perform {
  const { type } = action;
  // Nothing is put into the queue: an action that would is not simple.
  const extra = { internalQueue: [] };
  return (snapshot, event, scope) => {
    const { context } = snapshot;
    const info = { context, event, self: scope.self, system: scope.system };
    const given = paramsOf(params, context, event);
    const [next, resolved] = action.resolve(scope, snapshot, info, given, action, extra);
    if (action.execute)
      scope.actionExecutor({ type, info, params: resolved, exec: () => action.execute?.(scope, resolved) });
    return next;
  };
}
