import {
  type ActorLogic,
  type AnyActorLogic,
  type AnyActorRef,
  createActor,
  type EventObject,
  type Snapshot,
} from 'xstate';

/**
 * Makes an actor out of a process whose every step is committed before it counts.
 *
 * Events are taken one at a time: the process turns an event into its next state, commits it, and only then are
 * the effects that follow carried out, each by a child actor. A child's output is the next event (a `Fact`); a
 * child that dies is reported to the process, which says what that means. When a commit fails the actor fails:
 * what was not committed has not happened, and its next life goes on from what was.
 *
 * The snapshot has `state` (for people), `children` (running effects) and, once `done`, no output.
 */
export function durable<Input, E extends EventObject, F extends Fact<E>>(
  create: (input: Input) => DurableProcess<E, F>,
): DurableLogic<Input, E> {
  const runs = new WeakMap<AnyActorRef, Run<E, F>>();
  const runOf = (self: AnyActorRef): Run<E, F> => {
    const run = runs.get(self);
    if (!run) throw new Error('durable actor used before it was created');
    return run;
  };

  return {
    getInitialSnapshot({ self }, input) {
      const run = new Run(create(input), self);
      runs.set(self, run);
      return { status: 'active', output: undefined, error: undefined, state: run.state, children: {} };
    },
    start(_snapshot, { self }) {
      runOf(self).start();
    },
    transition(snapshot, event, { self, stopChild }) {
      const run = runOf(self);
      switch (event.type) {
        case STEPPED:
          return {
            status: 'active',
            output: undefined,
            error: undefined,
            state: run.state,
            children: run.children(),
          };
        case FINISHED:
          run.stop(stopChild);
          return { status: 'done', output: undefined, error: undefined, state: run.state, children: {} };
        case FAILED:
          run.stop(stopChild);
          return { status: 'error', output: undefined, error: run.error, state: run.state, children: {} };
        case STOP:
          run.stop(stopChild);
          return { status: 'stopped', output: undefined, error: undefined, state: run.state, children: {} };
        default:
          run.receive(event);
          return snapshot;
      }
    },
    getPersistedSnapshot: (snapshot) => snapshot,
  };
}

/** What the actor does, apart from its life: pure decisions and the commit. */
export interface DurableProcess<E extends EventObject, F extends Fact<E>> {
  /** The state it is in, for people. */
  readonly state: string;
  /** What there is to do on coming to life: facts to take in and effects to carry out (again). */
  begin(): Continuation<F>;
  /** Takes one fact in and commits what follows. Resolves when it is on disk; rejects when it could not be. */
  step(fact: F): Promise<Continuation<F>>;
  /** Wraps an event that another actor sent. */
  factOf(event: E): F;
  /** The child that carried out this effect died. Throws where nothing is to be done but to fail. */
  effectDied(effectId: string, error: unknown): Continuation<F>;
}

/** An event, with whatever belongs into the commit that takes it in. */
export interface Fact<E extends EventObject> {
  readonly event: E;
}

/** What comes next. */
export interface Continuation<F> {
  /** Taken in before anything that waits. */
  readonly facts?: readonly F[];
  readonly effects?: readonly Effect[];
  /** Effects that nobody waits for any more; their actors are stopped. */
  readonly dropped?: readonly string[];
  readonly done?: boolean;
}

/** An effect to carry out. The output of `logic` is a `Fact`. */
export interface Effect {
  readonly effectId: string;
  /** The child's id among its siblings, for people, for example `model-call`. */
  readonly actorId: string;
  readonly logic: AnyActorLogic;
  readonly input: unknown;
}

export type DurableSnapshot = Snapshot<undefined> & {
  readonly state: string;
  readonly children: Readonly<Record<string, AnyActorRef>>;
};

export type DurableLogic<Input, E extends EventObject> = ActorLogic<DurableSnapshot, E | EventObject, Input>;

const STEPPED = 'durable.stepped';
const FINISHED = 'durable.finished';
const FAILED = 'durable.failed';
/** XState's own event names; see its `constants.ts`. */
const STOP = 'xstate.stop';
const CHILD_DONE = 'xstate.done.actor.';
const CHILD_DIED = 'xstate.error.actor.';

/** One life of a durable actor: its queue of facts and its running effects. */
class Run<E extends EventObject, F extends Fact<E>> {
  error: unknown;
  readonly #process: DurableProcess<E, F>;
  readonly #self: AnyActorRef;
  readonly #queue: F[] = [];
  readonly #running = new Map<string, { readonly effectId: string; readonly ref: AnyActorRef }>();
  #births = 0;
  #busy = false;
  #over = false;

  constructor(process: DurableProcess<E, F>, self: AnyActorRef) {
    this.#process = process;
    this.#self = self;
  }

  get state(): string {
    return this.#process.state;
  }

  children(): Readonly<Record<string, AnyActorRef>> {
    return Object.fromEntries([...this.#running].map(([id, { ref }]) => [id, ref]));
  }

  start(): void {
    this.#continue(this.#process.begin());
    if (this.#running.size > 0) this.#self.send({ type: STEPPED });
    void this.#drain();
  }

  receive(event: EventObject): void {
    const fact = this.#factFrom(event);
    if (fact) this.#queue.push(fact);
    void this.#drain();
  }

  stop(stopChild: (child: AnyActorRef) => void): void {
    this.#over = true;
    for (const { ref } of this.#running.values()) stopChild(ref);
    this.#running.clear();
  }

  #factFrom(event: EventObject): F | undefined {
    const dead = event.type.startsWith(CHILD_DIED);
    // The logic's type admits events of E and XState's own; those are dealt with here, which leaves E.
    if (!dead && !event.type.startsWith(CHILD_DONE)) return this.#process.factOf(event as E);
    const id = event.type.slice((dead ? CHILD_DIED : CHILD_DONE).length);
    const child = this.#running.get(id);
    if (!child) return undefined;
    this.#running.delete(id);
    // `Effect.logic` promises that its output is a fact.
    if (!dead) return 'output' in event ? (event.output as F) : undefined;
    this.#afterDeath(child.effectId, 'error' in event ? event.error : undefined);
    return undefined;
  }

  #afterDeath(effectId: string, error: unknown): void {
    try {
      this.#continue(this.#process.effectDied(effectId, error));
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  #fail(error: unknown): void {
    this.error = error;
    if (!this.#over) this.#self.send({ type: FAILED });
  }

  async #drain(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let fact = this.#queue.shift(); fact && !this.#over; fact = this.#queue.shift()) {
        const next = await this.#process.step(fact);
        if (this.#over) return;
        this.#continue(next);
        this.#self.send({ type: next.done ? FINISHED : STEPPED });
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#busy = false;
    }
  }

  #continue({ facts = [], effects = [], dropped = [] }: Continuation<F>): void {
    this.#queue.unshift(...facts);
    for (const effectId of dropped) this.#drop(effectId);
    for (const effect of effects) this.#carryOut(effect);
  }

  #drop(effectId: string): void {
    for (const [id, child] of this.#running) {
      if (child.effectId !== effectId) continue;
      this.#running.delete(id);
      child.ref.send({ type: STOP });
    }
  }

  #carryOut({ effectId, actorId, logic, input }: Effect): void {
    const id = `${actorId}#${++this.#births}`;
    const ref = createActor(logic, { id, parent: this.#self, input });
    this.#running.set(id, { effectId, ref });
    ref.start();
  }
}
