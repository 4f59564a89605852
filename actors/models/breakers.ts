import type { AnyActorRef } from 'xstate';
import { cooldownMs } from '../../machines/circuit-breaker.ts';
import type { ModelState } from '../../src/core/models.ts';
import { type ActorSystemHandle, ask, monitor, startInstance } from '../../src/runtime/index.ts';
import { breakerName, MODEL_BREAKERS } from '../names.ts';

/** The circuit breakers of the models, as calls see them. */
export interface Breakers {
  /**
   * Whether a model may be asked now; where its breaker cannot be asked it may: a breaker protects, and nothing
   * depends on it.
   *
   * @param call the actor that asks; a trial is over when it has ended
   * @returns how long the model is left alone at most, in milliseconds; undefined where it may be asked
   */
  restOf(reference: string, call: AnyActorRef): number | undefined | Promise<number | undefined>;
  succeeded(reference: string): void;
  /** @param message for people */
  failed(reference: string, message: string): void;
  stateOf(reference: string): ModelState;
}

/** A breaker that does not answer for so long is passed over, in milliseconds. */
const PATIENCE_MS = 1_000;

type Tree = Pick<ActorSystemHandle, 'whereis'>;

/** @param tree what runs now, if it does. Costs two lookups where all is well: no message is sent. */
export function createBreakers(tree: () => Tree | undefined): Breakers {
  const find = (reference: string): AnyActorRef | undefined => tree()?.whereis(breakerName(reference));

  async function rest(breaker: AnyActorRef, call: AnyActorRef): Promise<number | undefined> {
    const answer = await ask<boolean>(
      breaker.system,
      breaker,
      { type: 'trial.asked' },
      { timeoutMs: PATIENCE_MS, from: call },
    );
    if (!answer.ok) return undefined;
    if (!answer.value) return cooldownMs(Math.max(1, readState(breaker).openings));
    monitor(call, () => tell(breaker, { type: 'trial.ended' }));
    return undefined;
  }

  return {
    restOf(reference, call) {
      const breaker = find(reference);
      if (!breaker) start(tree(), reference);
      return breaker && readState(breaker).state !== 'closed' ? rest(breaker, call) : undefined;
    },
    succeeded(reference) {
      const breaker = find(reference);
      const known = breaker && readState(breaker);
      // Nothing would change.
      if (!breaker || (known?.state === 'closed' && known.failures === 0)) return;
      tell(breaker, { type: 'call.succeeded' });
    },
    failed(reference, message) {
      const breaker = find(reference);
      if (breaker) tell(breaker, { type: 'call.failed', message });
    },
    stateOf(reference) {
      const breaker = find(reference);
      if (!breaker) return { reference, state: 'unused', lastFailure: null };
      const { state, lastFailure } = readState(breaker);
      return { reference, state, lastFailure };
    },
  };
}

/** Each model has its own with its first call. That call does not wait for it. */
function start(tree: Tree | undefined, reference: string): void {
  const supervisor = tree?.whereis(MODEL_BREAKERS);
  if (!supervisor) return;
  void startInstance(supervisor, undefined, { id: reference, name: breakerName(reference) });
}

function tell(breaker: AnyActorRef, event: { readonly type: string; readonly message?: string }): void {
  // One that has ended meanwhile is replaced by one that knows nothing.
  if (isActive(breaker)) breaker.send(event);
}

const isActive = (ref: AnyActorRef): boolean => readSnapshot(ref).status === 'active';

interface BreakerState {
  readonly state: string;
  readonly failures: number;
  readonly openings: number;
  readonly lastFailure: string | null;
}

function readState(breaker: AnyActorRef): BreakerState {
  const { value, context } = readSnapshot(breaker);
  const { failures, openings, lastFailure } = isObject(context) ? context : {};
  return {
    state: isObject(value) ? (Object.keys(value)[0] ?? '') : String(value),
    failures: Number(failures ?? 0),
    openings: Number(openings ?? 0),
    lastFailure: typeof lastFailure === 'string' ? lastFailure : null,
  };
}

function readSnapshot(ref: AnyActorRef): Readonly<Record<string, unknown>> {
  const snapshot: unknown = ref.getSnapshot();
  return isObject(snapshot) ? snapshot : {};
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
