import type { AnyActorScope, AnyMachineSnapshot, EventObject, ExecutableActionObject } from 'xstate';

/**
 * What the compiled step knows of how XState's own actions and guards are made, which XState does not document.
 * `assign`, `sendTo` and their like are functions with these members.
 */
export interface BuiltinAction {
  readonly type: string;
  /** Works out what is to be done: the snapshot after it, and what `execute` is given. */
  resolve(
    scope: AnyActorScope,
    snapshot: AnyMachineSnapshot,
    info: ExecutableActionObject['info'],
    params: unknown,
    /** What it was made with, which is the action itself. */
    options: object,
    extra: { readonly internalQueue: EventObject[] },
  ): readonly [next: AnyMachineSnapshot, resolved: unknown, ...rest: unknown[]];
  execute?(scope: AnyActorScope, resolved: unknown): void;
}

export function isCallable(value: unknown): value is (...given: unknown[]) => unknown {
  return typeof value === 'function';
}

export function isBuiltin(action: unknown): action is BuiltinAction {
  return isCallable(action) && 'resolve' in action;
}

/** Whether there is no more to it than `resolve` and `execute`: it asks for no further actions and no microstep. */
export function isSimple(action: BuiltinAction): boolean {
  if (action.type === 'xstate.raise') return 'delay' in action && typeof action.delay === 'number';
  return SIMPLE.has(action.type);
}

const SIMPLE: ReadonlySet<string> = new Set(
  ['assign', 'sendTo', 'emit', 'log', 'cancel'].map((name) => `xstate.${name}`),
);

/** Whether a guard is made of others, or looks at more than context and event: `and`, `or`, `not`, `stateIn`. */
export function isCombined(guard: object): boolean {
  return 'check' in guard;
}
