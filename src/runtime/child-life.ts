import type { ActorScope, AnyActorLogic, AnyActorRef } from 'xstate';
import { coerceError } from '../core/errors.ts';
import type { Child } from './child.ts';
import type { ResolvedChildSpec } from './child-spec.ts';
import { contextOf, type RuntimeContext } from './context.ts';
import type { ExitReason } from './exit.ts';
import type { Offender } from './report.ts';
import { SHUTDOWN_EVENT, type SupervisorEvent, type SupervisorSnapshot } from './supervisor-logic.ts';
import { createChild, fail, onExit, relay, stopChild } from './xstate-adapter.ts';

export type SupervisorScope = ActorScope<SupervisorSnapshot, SupervisorEvent>;

/**
 * Brings the incarnations of one supervisor's children to life and to their end. What it learns of them it tells the
 * supervisor as events: `ready`, `overdue`, `exited`. What follows from those is decided elsewhere.
 */
export class ChildLife {
  /** Path of the supervisor. */
  readonly path: string;
  readonly #scope: SupervisorScope;
  readonly #context: RuntimeContext;
  readonly #tell: (event: SupervisorEvent) => void;

  constructor(scope: SupervisorScope, tell: (event: SupervisorEvent) => void) {
    this.#scope = scope;
    this.#context = contextOf(scope.system);
    this.#tell = tell;
    this.path = this.#context.paths.get(scope.self) ?? scope.id;
  }

  /** Starts the next incarnation. One that fails at once has told so by the time this returns. */
  launch(child: Child): AnyActorRef {
    child.incarnation++;
    if (child.start === 'restart') child.restarts++;
    const ref = createChild(this.#scope.self, this.#startable(child.spec), child.incarnation, child.path);
    child.ref = ref;
    child.state = 'starting';
    this.#context.paths.set(ref, child.path);
    this.#register(child.spec, ref);
    this.#watchExit(child.spec, ref);
    this.#watchReady(child.spec, ref);
    ref.start();
    return ref;
  }

  /** Asks a graceful child to end; stops any other at once. Its exit comes as an event either way. */
  stop(child: Child): void {
    if (!child.ref) return;
    child.state = 'stopping';
    if (child.spec.graceful && child.spec.shutdown !== 'brutal_kill') this.#ask(child, child.ref);
    else this.#kill(child, child.ref);
  }

  /** The child has used up the time it was given. */
  overdue(child: Child): void {
    if (child.ref) this.#kill(child, child.ref);
  }

  /** Stops an incarnation that nobody waits for. */
  abandon(child: Child): void {
    this.#context.clock.clearTimeout(child.deadline);
    if (child.ref) stopChild(this.#scope, child.ref);
  }

  /** Marks the child as gone. One that ended as it was told to counts as shut down, however it did it. */
  bury(child: Child, exit: ExitReason): ExitReason {
    const obeyed = child.state === 'stopping' && exit.kind === 'normal';
    const reason: ExitReason = child.killed ? { kind: 'killed' } : obeyed ? { kind: 'shutdown' } : exit;
    this.#context.clock.clearTimeout(child.deadline);
    child.ref = undefined;
    child.deadline = undefined;
    child.killed = false;
    child.state = 'stopped';
    child.lastExit = reason;
    return reason;
  }

  report(type: 'child_started', child: Child): void;
  report(type: 'child_terminated' | 'start_error' | 'shutdown_error', child: Child, reason: ExitReason): void;
  report(
    type: 'child_started' | 'child_terminated' | 'start_error' | 'shutdown_error',
    child: Child,
    reason?: ExitReason,
  ): void {
    const offender: Offender = {
      supervisor: this.path,
      child: child.path,
      incarnation: child.incarnation,
    };
    if (type === 'child_started') this.#context.report({ type, ...offender });
    else if (reason) this.#context.report({ type, reason, ...offender });
  }

  /** Asks the child to end, and waits for as long as its specification says. */
  #ask(child: Child, ref: AnyActorRef): void {
    const { id, shutdown } = child.spec;
    if (typeof shutdown === 'number') {
      const overdue = () => this.#tell({ type: 'supervisor.overdue', id, ref });
      child.deadline = this.#context.clock.setTimeout(overdue, shutdown);
    }
    relay(this.#scope.self, ref, SHUTDOWN_EVENT);
  }

  #kill(child: Child, ref: AnyActorRef): void {
    child.killed = child.spec.graceful || child.spec.shutdown === 'brutal_kill';
    stopChild(this.#scope, ref);
  }

  /** A name that another actor holds is a failed start, told like any other. */
  #startable(spec: ResolvedChildSpec): ResolvedChildSpec {
    if (spec.name === undefined || !this.#context.names.has(spec.name)) return spec;
    const reason = new Error(`the name "${spec.name}" is taken by another actor`);
    return { ...spec, logic: failingLogic(reason), type: 'worker' };
  }

  #register({ name }: ResolvedChildSpec, ref: AnyActorRef): void {
    if (name !== undefined && !this.#context.names.has(name)) this.#context.names.set(name, ref);
  }

  #unregister({ name }: ResolvedChildSpec, ref: AnyActorRef): void {
    if (name !== undefined && this.#context.names.get(name) === ref) this.#context.names.delete(name);
  }

  /** The name is free before anybody hears of the exit. */
  #watchExit(spec: ResolvedChildSpec, ref: AnyActorRef): void {
    onExit(ref, (exit) => {
      this.#unregister(spec, ref);
      this.#tell({ type: 'supervisor.exited', id: spec.id, ref, exit });
    });
  }

  #watchReady({ id, ready }: ResolvedChildSpec, ref: AnyActorRef): void {
    if (!ready) return;
    const subscription = ref.subscribe({
      next: (snapshot: unknown) => {
        const verdict = attempt(() => ready(snapshot));
        if (verdict === false) return;
        subscription.unsubscribe();
        if (verdict === true) this.#tell({ type: 'supervisor.ready', id, ref });
        else setImmediate(() => fail(ref, verdict));
      },
      // Told by `onExit`; without a listener here XState would raise it as uncaught.
      error: () => {},
    });
  }
}

function attempt(predicate: () => boolean): boolean | Error {
  try {
    return predicate();
  } catch (thrown) {
    return coerceError(thrown);
  }
}

function failingLogic(reason: Error): AnyActorLogic {
  return {
    getInitialSnapshot() {
      throw reason;
    },
    getPersistedSnapshot: (snapshot) => snapshot,
    transition: (snapshot) => snapshot,
  };
}
