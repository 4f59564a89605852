import type { ModelSupervisor } from './model.ts';
import type { ChildPlan, WorkerPlan } from './plan.ts';
import { Waits } from './restart-waits.ts';

/** A record of a child, as in OTP's `#child{}`. */
export interface Child {
  plan: ChildPlan;
  incarnation: number;
  life: Worker | ModelSupervisor | 'restarting' | undefined;
  /** Of its last life as a worker, by which an instance is known while the next one is awaited. */
  number?: number;
  /** When it was last started, well or not. Milliseconds. */
  startedAt: number;
  readonly waits: Waits;
  /** The restart that it waits for. */
  pending?: object | undefined;
}

export interface Worker {
  readonly id: string;
  /** Counted over all supervisors. */
  readonly number: number;
  readonly name: string | undefined;
}

export type Started = 'started' | 'ignored' | 'failed';

export function newChild(plan: ChildPlan): Child {
  return { plan, incarnation: 0, life: undefined, startedAt: 0, waits: new Waits() };
}

/** An instance differs from its template in what it was given. */
export function instanceOf(template: WorkerPlan, id: string, input?: string, name?: string): WorkerPlan {
  return {
    ...template,
    id,
    ...(input === undefined ? {} : { input }),
    ...(name === undefined ? {} : { name }),
  };
}

export function isLive({ life }: Child): boolean {
  return life !== undefined && life !== 'restarting';
}

export function answer(started: Started): string {
  return started === 'failed' ? 'start-failed' : started;
}

export function whichPresent(child: Child): string {
  return isLive(child) ? 'already-started' : 'already-present';
}

export function whyNot(child: Child | undefined): string {
  if (!child) return 'not-found';
  return isLive(child) ? 'running' : 'restarting';
}
