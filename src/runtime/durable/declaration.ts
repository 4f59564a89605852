import type {
  AnyActorLogic,
  AnyStateMachine,
  ContextFrom,
  EventFromLogic,
  EventObject,
  InputFrom,
  SnapshotFrom,
} from 'xstate';
import type { ProgressLimit } from '../supervisor/child-spec.ts';
import type { Crash, EffectClass, Entry, JournalRow, OpenedActor, OutboxMessage } from './store.ts';
import type { Migrations } from './versions.ts';

/** What the declaration of a durable machine is spoken of in. */
export interface DurableTypes {
  /** The actions that the machine asks for by name, with their parameters (which must survive JSON). */
  readonly requests: object;
  /** What one actor of this kind has at hand: the world outside of the machine. */
  readonly scope: unknown;
  /** What its journal records. */
  readonly record: JournalRow;
  /** A further row of a step, in the terms of the store. */
  readonly write: unknown;
}

/**
 * Everything that makes a durable actor out of a statechart. The machine stays pure and flat: it has no timers,
 * invokes nothing, and asks for what it wants done by named actions. The declaration says what each of these means,
 * as rows of the step's commit and as an effect that begins after it.
 */
export interface DurableDeclaration<M extends AnyStateMachine, T extends DurableTypes> {
  readonly machine: M;
  /** Of what is stored. Raise it when states or context change so that older ones do not fit, and add a migration. */
  readonly version: number;
  readonly migrations?: Migrations;
  /** Crashes on the same step after which it is parked; default 4. */
  readonly maxCrashes?: number;
  /** Times an effect is run anew in one life after its actor died; default 3. */
  readonly maxRevivals?: number;

  /** One for each action that the machine asks for. */
  readonly requests: { readonly [K in keyof T['requests']]: RequestDeclaration<M, T, T['requests'][K]> };
  /** What an event, once the machine has taken it, adds to the step of its own. */
  rowsOf?(event: EventFromLogic<M>, step: StepView<M, T>): Rows<T>;
  /** Ids of the inbox rows that the event came from; they are done with the step that takes it in, or parks it. */
  inputsOf?(event: EventFromLogic<M>): readonly string[];
  /** Completes an event with what the actor knows, just before the machine sees it. */
  perceive?(
    event: EventFromLogic<M>,
    view: { readonly context: ContextFrom<M>; readonly scope: T['scope'] },
  ): EventFromLogic<M>;
  /**
   * Whether the machine rests in this state: nothing of it is stored, as if it were done, and nobody wakes it by itself.
   * Whoever opens the actor says where it stands.
   */
  rests?(state: SnapshotFrom<M>['value']): boolean;
  /** Puts on record that an input was not used: it came when nothing waits for it, or the actor crashed on it. */
  refused?(
    inboxId: string,
    why: 'unexpected' | 'crashed',
    scope: T['scope'],
    event: EventFromLogic<M> | undefined,
  ): Rows<T>;
  /**
   * What the machine is told when a step was parked. It should take this event in any state; one that cannot take
   * it, because that crashes too, loses its state, so that the actor is free again.
   */
  parked(crashes: number): EventFromLogic<M>;
  /** Told after each commit, for what others may know from then on. */
  committed?(committed: Committed<T>, scope: T['scope']): void;
  /** Told of what went wrong and was dealt with, for a log. */
  troubled?(trouble: Trouble, scope: T['scope']): void;
}

/** What a request means: rows, an effect, or both. */
export type RequestDeclaration<M extends AnyStateMachine, T extends DurableTypes, P> =
  | RowsDeclaration<M, T, P>
  | EffectDeclaration<M, T, P>;

export interface RowsDeclaration<M extends AnyStateMachine, T extends DurableTypes, P> {
  /** @param id of this request: `key:seq:place`, also the id of its effect */
  rows(params: P, step: StepView<M, T>, id: string): Rows<T>;
}

export type EffectDeclaration<M extends AnyStateMachine, T extends DurableTypes, P> = Partial<
  RowsDeclaration<M, T, P>
> & {
  /** The actor that carries it out, now or in a later life. */
  start(params: P, effect: { readonly id: string; readonly scope: T['scope'] }): EffectActor;
  /**
   * Gets ready for `start` while the step that intends the effect is being committed: by reading and computing only,
   * since the step may yet fail, and nobody may know of it before. May be left out: `start` must do without.
   *
   * @param coming what the step adds to the journal
   */
  prepare?(
    params: P,
    effect: { readonly id: string; readonly scope: T['scope'] },
    coming: readonly Entry<T['record']>[],
  ): void;
  /** An actor without progress for that long has hung: it is stopped, and counts as died. */
  readonly progress?: ProgressLimit;
} & (
    | { readonly class: Exclude<EffectClass, 'once'> }
    | {
        readonly class: EffectClass | ((params: P) => EffectClass);
        /** What the machine is told of an effect of class `once` that may or may not have happened. */
        unknown(params: P, effect: { readonly id: string; readonly scope: T['scope'] }): EventFromLogic<M>;
      }
  );

/** The output of `logic` is an `Outcome`. */
export interface EffectActor {
  /** Its id among its siblings, for people, for example `model-call`. */
  readonly actorId: string;
  readonly logic: AnyActorLogic;
  readonly input: unknown;
}

/** The event that an effect ends with, with whatever belongs into the step that takes it in. */
export interface Outcome<E extends EventObject, R, W> {
  readonly event: E;
  readonly records?: readonly R[];
  readonly writes?: readonly W[];
}

/** What one event or request contributes to a step. */
export interface Rows<T extends DurableTypes> {
  readonly records?: readonly T['record'][];
  readonly replies?: readonly OutboxMessage[];
  readonly writes?: readonly T['write'][];
  /** Ids of open effects whose outcome is not wanted any more: they are stopped. */
  readonly ended?: readonly string[];
}

/** What rows are made from. */
export interface StepView<M extends AnyStateMachine, T extends DurableTypes> {
  readonly key: string;
  /** The machine's context before and after the step. */
  readonly before: ContextFrom<M>;
  readonly context: ContextFrom<M>;
  /** Effects without an outcome, by id. */
  readonly open: ReadonlyMap<string, OpenEffect<T['requests']>>;
  readonly scope: T['scope'];
}

export type OpenEffect<Q> = {
  readonly [K in keyof Q]: { readonly kind: K; readonly class: EffectClass; readonly params: Q[K] };
}[keyof Q];

export interface Committed<T extends DurableTypes> {
  readonly entries: readonly Entry<T['record']>[];
  readonly replies: readonly OutboxMessage[];
}

export type Trouble =
  | {
      readonly type: 'effect-died';
      readonly effectId: string;
      readonly kind: string;
      readonly deaths: number;
      readonly error: unknown;
    }
  | { readonly type: 'parked'; readonly key: string; readonly crashes: number; readonly letter: Crash };

/** What one actor is started with. The same input serves all its incarnations. */
export interface DurableInput<M extends AnyStateMachine, T extends DurableTypes> {
  /** Opens its place in the store; called once in each incarnation. */
  open(): Promise<OpenedActor<T['record'], T['write']>>;
  readonly scope: T['scope'];
  /** How it begins where no state is stored. Needed unless it is known that one is. */
  readonly fresh?: {
    readonly input: InputFrom<M>;
    /** Taken in first. */
    readonly event?: EventFromLogic<M>;
    /**
     * Whether it begins anew where it has finished before; by default it is done at once, since it may just not have
     * heard that its last commit was written. Safe where what it begins with is an open row of the inbox.
     */
    readonly again?: boolean;
  };
}

/** Any declaration, as the runtime itself handles it: it passes on what it does not look into. */
export type AnyDeclaration = DurableDeclaration<AnyStateMachine, AnyTypes>;
export type AnyInput = DurableInput<AnyStateMachine, AnyTypes>;

export interface AnyTypes extends DurableTypes {
  readonly requests: Readonly<Record<string, unknown>>;
}
