import { type AnyActorRef, createActor, type EventObject } from 'xstate';
import { contextOf } from '../context.ts';
import { watchProgress } from '../process/progress.ts';
import type { ProgressLimit } from '../supervisor/child-spec.ts';
import { boundMicrosteps } from '../xstate/index.ts';
import type { Continuation, DurableProcess, Effect, Fact, LiveMachine } from './process.ts';

export const STEPPED = 'durable.stepped';
export const FINISHED = 'durable.finished';
export const FAILED = 'durable.failed';
/** XState's own event names; see its `constants.ts`. */
export const STOP = 'xstate.stop';
const CHILD_DONE = 'xstate.done.actor.';
const CHILD_DIED = 'xstate.error.actor.';

interface Running {
  readonly effectId: string;
  readonly ref: AnyActorRef;
  /** Ends the watch over its progress. */
  readonly unwatch: () => void;
}

type Waiting<E, F> = { readonly event: E } | { readonly fact: F };

/** One life of a durable actor: what waits to be taken in, and its running effects. */
export class Run<E extends EventObject, F extends Fact<E>> {
  error: unknown;
  readonly #create: () => Promise<DurableProcess<E, F>>;
  readonly #self: AnyActorRef;
  readonly #queue: Waiting<E, F>[] = [];
  readonly #running = new Map<string, Running>();
  #process: DurableProcess<E, F> | undefined;
  #births = 0;
  #busy = true;
  #over = false;

  constructor(create: () => Promise<DurableProcess<E, F>>, self: AnyActorRef) {
    this.#create = create;
    this.#self = self;
  }

  get state(): string {
    return this.#process?.state ?? 'opening';
  }

  get live(): LiveMachine | undefined {
    return this.#process?.live;
  }

  children(): Readonly<Record<string, AnyActorRef>> {
    return Object.fromEntries([...this.#running].map(([id, { ref }]) => [id, ref]));
  }

  /** Comes to life; what arrives before that is done waits. */
  async start(): Promise<void> {
    try {
      const process = await this.#create();
      if (this.#over) return;
      this.#process = process;
      this.#continue(await process.begin());
      this.#busy = false;
      await this.#drain();
    } catch (error) {
      this.#fail(error);
    }
  }

  receive(event: EventObject): void {
    const dead = event.type.startsWith(CHILD_DIED);
    if (dead || event.type.startsWith(CHILD_DONE)) this.#childEnded(event, dead);
    // The logic's type admits events of E and XState's own; those are dealt with above, which leaves E.
    else this.#queue.push({ event: event as E });
    void this.#drain();
  }

  stop(stopChild: (child: AnyActorRef) => void): void {
    this.#over = true;
    for (const { ref, unwatch } of this.#running.values()) {
      unwatch();
      stopChild(ref);
    }
    this.#running.clear();
  }

  #childEnded(event: EventObject, dead: boolean): void {
    const id = event.type.slice((dead ? CHILD_DIED : CHILD_DONE).length);
    const child = this.#running.get(id);
    if (!child) return;
    this.#forget(id, child);
    const { effectId } = child;
    if (dead) void this.#effectDied(effectId, 'error' in event ? event.error : undefined);
    // `Effect.logic` promises that its output is a fact.
    else if ('output' in event) this.#queue.push({ fact: { ...(event.output as F), effectId } });
  }

  async #effectDied(effectId: string, error: unknown): Promise<void> {
    try {
      const next = await this.#process?.effectDied(effectId, error);
      if (next) this.#continue(next);
      await this.#drain();
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  #fail(error: unknown): void {
    this.error = error;
    if (!this.#over) this.#self.send({ type: FAILED });
  }

  async #drain(): Promise<void> {
    if (this.#busy || !this.#process) return;
    this.#busy = true;
    try {
      for (let next = this.#queue.shift(); next && !this.#over; next = this.#queue.shift()) {
        const fact = 'fact' in next ? next.fact : this.#process.factOf(next.event);
        const began = performance.now();
        this.#continue(await this.#process.step(fact), began);
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#busy = false;
    }
  }

  /** @param began when the step was begun, on `performance.now()`: what inspectors are told is how long it took */
  #continue(continuation: Continuation<F>, began?: number): void {
    if (this.#over) return;
    const { facts = [], effects = [], dropped = [], done = false, moved } = continuation;
    this.#queue.unshift(...facts.map((fact) => ({ fact })));
    for (const effectId of dropped) this.#drop(effectId);
    for (const effect of effects) this.#carryOut(effect);
    const durationMs = began === undefined ? 0 : performance.now() - began;
    this.#self.send({ type: done ? FINISHED : STEPPED, ...(moved && { moved, durationMs }) });
  }

  #drop(effectId: string): void {
    for (const [id, child] of this.#running) {
      if (child.effectId !== effectId) continue;
      this.#forget(id, child);
      child.ref.send({ type: STOP });
    }
  }

  #carryOut({ effectId, actorId, logic, input, progress }: Effect): void {
    const id = `${actorId}#${++this.#births}`;
    boundMicrosteps(logic);
    const ref = createActor(logic, { id, parent: this.#self, input });
    const unwatch = progress ? this.#watch(id, ref, progress) : () => {};
    this.#running.set(id, { effectId, ref, unwatch });
    ref.start();
  }

  #watch(id: string, ref: AnyActorRef, progress: ProgressLimit): () => void {
    const { clock } = contextOf(this.#self.system);
    return watchProgress(ref, progress, clock, (error) => this.#hung(id, error));
  }

  #hung(id: string, error: Error): void {
    const child = this.#running.get(id);
    if (!child) return;
    this.#forget(id, child);
    child.ref.send({ type: STOP });
    void this.#effectDied(child.effectId, error);
  }

  #forget(id: string, { unwatch }: Running): void {
    unwatch();
    this.#running.delete(id);
  }
}
