import type { AnyActorRef } from 'xstate';
import { RunQueue } from './mailbox/run-queue.ts';
import { createRegistry, type NameRegistry } from './process/registry.ts';
import type { RuntimeReport } from './report/report.ts';

/** The XState actor system that all actors of one tree belong to. */
export type System = AnyActorRef['system'];

/**
 * Time for the runtime: deadlines, and how recent a restart is. `now` is in milliseconds and only ever grows.
 * XState's `SimulatedClock` is one.
 */
export type RuntimeClock = System['_clock'] & { now(): number };

/** What the actors of one system share. */
export interface RuntimeContext {
  readonly clock: RuntimeClock;
  /** From 0 to below 1, for jitter. */
  readonly random: () => number;
  /** Registered names; each is free again as soon as its actor has exited. */
  readonly names: NameRegistry;
  /** Where in the tree an actor stands. */
  readonly paths: WeakMap<AnyActorRef, string>;
  /** When actors that no supervisor started came to life, on `clock`. */
  readonly births: WeakMap<AnyActorRef, number>;
  /** Gives the actors their turns, and knows whose it is. */
  readonly runQueue: RunQueue;
  report(report: RuntimeReport): void;
}

const realClock: RuntimeClock = {
  now: () => performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (handle) => clearTimeout(handle),
};

const contexts = new WeakMap<System, RuntimeContext>();

/** Sets up what the actors of this system share. A reporter that throws is ignored: reports must not break the tree. */
export function createContext(
  system: System,
  clock: RuntimeClock = realClock,
  onReport: (report: RuntimeReport) => void = () => {},
  random: () => number = Math.random,
): RuntimeContext {
  const context: RuntimeContext = {
    clock,
    names: createRegistry(),
    random,
    paths: new WeakMap(),
    births: new WeakMap(),
    runQueue: new RunQueue(),
    report(report) {
      try {
        onReport(report);
      } catch {
        // Nobody is left to tell.
      }
    },
  };
  contexts.set(system, context);
  return context;
}

/** The context of a system; made on demand for a supervisor that runs outside of `startSystem`. */
export function contextOf(system: System): RuntimeContext {
  return contexts.get(system) ?? createContext(system);
}
