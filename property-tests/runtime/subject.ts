import type { AnyActorLogic, AnyActorRef } from 'xstate';
import {
  type ChildSpec,
  IgnoreStart,
  monitor,
  ShutdownExit,
  type SupervisorOptions,
  supervisor,
} from '../../src/runtime/index.ts';
import type { Life } from './command.ts';
import { type ChildPlan, type Flags, INSTANCES, PERIOD_S, TEMPLATE, type WorkerPlan } from './plan.ts';
import type { Ending, StartOutcome } from './world.ts';

/** Sent to a worker: to end by itself, or to be noted. */
export type SubjectEvent = { readonly type: 'end'; readonly ending: Ending } | { readonly type: 'note' };

/** What the workers of one real tree tell of themselves. */
export class Recorder {
  readonly lives: string[] = [];
  readonly outcomes = new Map<string, StartOutcome[]>();
  /** Every incarnation there ever was, in order, by the worker's id. */
  readonly born = new Map<string, AnyActorRef[]>();
  /** Told of each failed start, on its stack. */
  onFailure: (id: string) => void = () => {};
  /** Workers that failed, at their start or later. */
  crashes = 0;
  /** Ends that those who monitor have not heard of yet, and whether the life ended by itself. */
  readonly unheard = new Map<string, boolean>();
  /** The shortest time, in seconds, after which any supervisor takes itself for healthy. */
  healthyAfter = Number.POSITIVE_INFINITY;
  readonly #live = new Map<AnyActorRef, string>();

  begin(id: string, self: AnyActorRef): void {
    const outcome = this.outcomes.get(id)?.shift();
    if (outcome) this.#refuse(id, outcome);
    const born = this.born.get(id) ?? [];
    if (isNamed(id) && born.some((other) => this.#live.has(other))) this.lives.push(`a second ${id}`);
    if (this.unheard.get(`${id} ${born.length}`)) this.lives.push(`${id} is back before its end was told`);
    born.push(self);
    this.born.set(id, born);
    const life = `${id} ${born.length}`;
    this.#live.set(self, life);
    this.lives.push(`+${life}`);
    monitor(self, () => this.unheard.delete(life));
  }

  end(self: AnyActorRef, byItself: boolean): void {
    const life = this.#live.get(self);
    if (life === undefined) return;
    this.#live.delete(self);
    this.lives.push(`-${life}`);
    this.unheard.set(life, byItself);
  }

  note(self: AnyActorRef): void {
    this.lives.push(`${this.lifeOf(self)} heard`);
  }

  find({ id, before }: Life): AnyActorRef | undefined {
    const born = this.born.get(id) ?? [];
    return born[born.length - 1 - before];
  }

  lifeOf(ref: AnyActorRef): string {
    return this.#live.get(ref) ?? 'somebody dead';
  }

  isLive(ref: AnyActorRef): boolean {
    return this.#live.has(ref);
  }

  get liveCount(): number {
    return this.#live.size;
  }

  #refuse(id: string, outcome: StartOutcome): never {
    this.lives.push(outcome === 'fails' ? `!${id}` : `?${id}`);
    if (outcome === 'is ignored') throw new IgnoreStart(`${id} is not wanted`);
    this.crashes++;
    this.onFailure(id);
    throw new Error(`${id} cannot start`);
  }
}

/** Only instances share what they are called. */
function isNamed(id: string): boolean {
  return !INSTANCES.some((instance) => instance === id);
}

/** A worker that lives, ends and fails as it is told. */
function subject(recorder: Recorder): AnyActorLogic {
  return {
    getInitialSnapshot: (_scope, id: string) => ({
      status: 'active',
      output: undefined,
      error: undefined,
      id,
    }),
    getPersistedSnapshot: (snapshot) => snapshot,
    start: ({ id }, { self }) => recorder.begin(id, self),
    transition(
      snapshot,
      event: SubjectEvent | { readonly type: 'xstate.stop' | 'supervisor.shutdown' },
      { self },
    ) {
      if (event.type === 'note') {
        recorder.note(self);
        return snapshot;
      }
      recorder.end(self, event.type === 'end');
      if (event.type === 'end' && event.ending === 'error') recorder.crashes++;
      if (event.type === 'xstate.stop') return { ...snapshot, status: 'stopped' };
      return event.type === 'end' ? ended(event.ending, snapshot) : { ...snapshot, status: 'done' };
    },
  };
}

function ended(ending: Ending, snapshot: { readonly id: string }): object {
  if (ending === 'error') throw new Error(`${snapshot.id} crashed`);
  if (ending === 'shutdown') throw new ShutdownExit(`${snapshot.id} gives up`);
  return { ...snapshot, status: 'done' };
}

/** The specification of a planned child; its id is its registered name, too. */
export function specOf(recorder: Recorder, plan: ChildPlan): ChildSpec {
  const { id, restart, significant, backoff } = plan;
  const named = id === TEMPLATE ? {} : { name: id };
  const waiting = backoff ? { backoff: { ...backoff, jitter: 0 } } : {};
  const shared = { id, restart, significant, ...named, ...waiting };
  if (plan.kind === 'worker') return { ...shared, ...stopOf(plan), input: id, logic: subject(recorder) };
  return { ...shared, logic: supervisor(optionsOf(recorder, plan.flags, plan.children)) };
}

function stopOf({ stop }: WorkerPlan): Partial<ChildSpec> {
  if (stop === 'at once') return {};
  return stop === 'asked' ? { graceful: true } : { shutdown: 'brutal_kill' };
}

export function optionsOf(
  recorder: Recorder,
  flags: Flags,
  children: readonly ChildPlan[],
): SupervisorOptions {
  const { healthyAfter, ...given } = flags;
  recorder.healthyAfter = Math.min(recorder.healthyAfter, healthyAfter ?? recorder.healthyAfter);
  return {
    ...given,
    ...(healthyAfter === undefined ? {} : { healthyAfter }),
    period: PERIOD_S,
    children: children.map((plan) => specOf(recorder, plan)),
  };
}
