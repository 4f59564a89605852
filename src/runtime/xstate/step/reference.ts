import type { EventObject, MachineContext } from 'xstate';
import { isCallable } from './builtin.ts';

/** An action or a guard, as a transition refers to it, found. */
export interface Referred {
  readonly type: string;
  /** Undefined where the machine has none of that name. */
  readonly implementation: unknown;
  /** A value, or a function of context and event. */
  readonly params: unknown;
}

/** @param implementations those of the machine, by name */
export function refer(reference: unknown, implementations: Readonly<Record<string, unknown>>): Referred {
  if (isCallable(reference))
    return { type: reference.name || '(anonymous)', implementation: reference, params: undefined };
  const { type, params } = isParameterized(reference) ? reference : { type: String(reference) };
  return { type, implementation: implementations[type], params };
}

function isParameterized(
  reference: unknown,
): reference is { readonly type: string; readonly params?: unknown } {
  return reference instanceof Object && 'type' in reference;
}

export function paramsOf(params: unknown, context: MachineContext, event: EventObject): unknown {
  return isCallable(params) ? params({ context, event }) : params;
}
