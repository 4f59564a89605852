import type { ActorScope, AnyActorLogic, AnyActorRef } from 'xstate';
import { coerceError } from '../../core/errors.ts';
import { contextOf, type RuntimeContext } from '../context.ts';
import { DEBUGGED } from '../mailbox/mailbox.ts';
import { Mailslot } from '../mailbox/mailslot.ts';
import type { ExitReason } from '../process/exit.ts';
import { announceExit } from '../process/exit-watch.ts';
import { linksOf } from '../process/link.ts';
import { addressOf, describeName } from '../process/messaging.ts';
import { watchProgress } from '../process/progress.ts';
import type { SupervisorReport } from '../report/report.ts';
import { createChild, fail, mailboxOf, markExit, onExit, relay, stopChild } from '../xstate/index.ts';
import type { Child, StartedChild } from './child.ts';
import type { Name, ResolvedChildSpec } from './child-spec.ts';
import { crashReport, offenderOf } from './offender.ts';
import { SHUTDOWN_EVENT, type SupervisorEvent, type SupervisorSnapshot } from './supervisor-logic.ts';

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
  /** Of children with `mailbox.keep`. */
  readonly #slots = new WeakMap<Child, Mailslot>();

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
    const spec = this.#startable(child.spec);
    const ref = createChild(this.#scope.self, spec, child.incarnation, child.path, this.#openSlot(child));
    child.ref = ref;
    child.state = 'starting';
    child.startedAt = this.#context.clock.now();
    this.#context.paths.set(ref, child.path);
    this.#register(child.spec, ref);
    this.#watchExit(child, ref, spec.name);
    this.#watchReady(child, ref);
    this.#watchProgress(child.spec, ref);
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
    this.cancelDeadline(child);
    if (child.ref) stopChild(this.#scope, child.ref);
    this.release(child);
  }

  /** No incarnation is to come, unless asked for: what waits for it becomes dead letters. */
  release(child: Child): void {
    this.#slots.get(child)?.release();
  }

  /** Marks the child as gone. */
  bury(child: Child, exit: ExitReason): void {
    this.cancelDeadline(child);
    child.ref = undefined;
    child.state = 'stopped';
    child.lastExit = exit;
  }

  /**
   * Tells to retry after so many milliseconds, or on the next macrotask: calls to the supervisor come in between.
   *
   * @param counted whether the restart has been counted already
   */
  retryAfter(child: Child, wait: number | undefined, counted: boolean): void {
    const retry = () => this.#tell({ type: 'supervisor.retry', child, counted });
    if (wait === undefined) {
      const immediate = setImmediate(retry);
      child.deadline = () => clearImmediate(immediate);
    } else this.#setDeadline(child, wait, retry);
  }

  cancelDeadline(child: Child): void {
    child.deadline?.();
    child.deadline = undefined;
  }

  #setDeadline(child: Child, ms: number, then: () => void): void {
    const { clock } = this.#context;
    const timer: unknown = clock.setTimeout(then, ms);
    child.deadline = () => clock.clearTimeout(timer);
  }

  /** What whoever started it is told. */
  describe({ ref, spec }: Child): StartedChild {
    return spec.info && ref ? { ref, info: spec.info(ref.getSnapshot()) } : { ref };
  }

  reportStarted(child: Child): void {
    this.#context.report({ type: 'progress_report', supervisor: this.path, started: offenderOf(child) });
  }

  /** @param count of instances that ended so, where it is about more than one child */
  report(
    errorContext: SupervisorReport['errorContext'],
    child: Child,
    reason: ExitReason,
    count?: number,
  ): void {
    const offender = { ...offenderOf(child), ...(count === undefined ? {} : { nbChildren: count }) };
    this.#context.report({
      type: 'supervisor_report',
      supervisor: this.path,
      errorContext,
      reason,
      offender,
    });
  }

  /** Asks the child to end, and waits for as long as its specification says. */
  #ask(child: Child, ref: AnyActorRef): void {
    const { shutdown } = child.spec;
    if (typeof shutdown === 'number') {
      this.#setDeadline(child, shutdown, () => this.#tell({ type: 'supervisor.overdue', child, ref }));
    }
    // However an actor ends that was asked to: unless it fails, it has obeyed.
    markExit(ref, { kind: 'shutdown' });
    // As in OTP: whoever is suspended for debugging still obeys its supervisor.
    mailboxOf(ref)?.resume(DEBUGGED);
    relay(this.#scope.self, ref, SHUTDOWN_EVENT);
  }

  #kill({ spec }: Child, ref: AnyActorRef): void {
    const killed = spec.graceful || spec.shutdown === 'brutal_kill';
    if (killed) markExit(ref, { kind: 'killed' });
    stopChild(this.#scope, ref);
  }

  /** Where messages wait for a child across its incarnations. */
  #openSlot(child: Child): Mailslot | undefined {
    const { type, mailbox, name } = child.spec;
    if (type !== 'worker' || !mailbox.keep) return undefined;
    const address = name === undefined ? undefined : addressOf(this.#scope.system, name);
    const slot = this.#slots.get(child) ?? new Mailslot(child.path, mailbox, this.#context, address);
    this.#slots.set(child, slot);
    slot.open();
    return slot;
  }

  /** A name that another actor holds is a failed start, told like any other. */
  #startable(spec: ResolvedChildSpec): ResolvedChildSpec {
    if (spec.name === undefined) return spec;
    const { registry, key } = addressOf(this.#scope.system, spec.name);
    if (registry.whereis(key) === undefined) return spec;
    const reason = new Error(`the name "${describeName(spec.name)}" is taken by another actor`);
    return { ...spec, logic: failingLogic(reason), type: 'worker' };
  }

  #register({ name }: ResolvedChildSpec, ref: AnyActorRef): void {
    if (name === undefined) return;
    const { registry, key } = addressOf(this.#scope.system, name);
    registry.register(key, ref);
  }

  #unregister(name: Name | undefined, ref: AnyActorRef): void {
    if (name === undefined) return;
    const { registry, key } = addressOf(this.#scope.system, name);
    registry.unregister(key, ref);
  }

  /** The name is free before anybody hears of the exit. */
  #watchExit(child: Child, ref: AnyActorRef, name: Name | undefined): void {
    onExit(ref, (exit) => {
      this.#unregister(name, ref);
      if (exit.kind === 'error') this.#context.report(crashReport(child, ref, exit.error, linksOf(ref)));
      announceExit(ref, exit);
      this.#tell({ type: 'supervisor.exited', child, ref, exit });
    });
  }

  /** One that hangs ends as if it had crashed: its promises see their signal aborted, what they bring later is ignored. */
  #watchProgress({ progress }: ResolvedChildSpec, ref: AnyActorRef): void {
    if (progress) watchProgress(ref, progress, this.#context.clock, (error) => fail(ref, error));
  }

  #watchReady(child: Child, ref: AnyActorRef): void {
    const { ready } = child.spec;
    if (!ready) return;
    const subscription = ref.subscribe({
      next: (snapshot: unknown) => {
        const verdict = attempt(() => ready(snapshot));
        if (verdict === false) return;
        subscription.unsubscribe();
        if (verdict === true) this.#tell({ type: 'supervisor.ready', child, ref });
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
