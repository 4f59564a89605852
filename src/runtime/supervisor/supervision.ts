import { err, ok } from '../../core/result.ts';
import { contextOf, type RuntimeContext } from '../context.ts';
import { type ExitReason, errorOf, isAbnormal, ShutdownExit, StartFailure } from '../process/exit.ts';
import { Agenda } from './agenda.ts';
import { type Calls, createCalls } from './calls.ts';
import {
  type Child,
  createRecord,
  isLive,
  isRestarting,
  type NotStarted,
  tellStarted,
  tellStopped,
} from './child.ts';
import { ChildLife, type SupervisorScope } from './child-life.ts';
import type { ResolvedChildSpec } from './child-spec.ts';
import { DynamicShutdown } from './dynamic-shutdown.ts';
import { RestartIntensity } from './restart-intensity.ts';
import { isOrderlyEnd, isToBeRestarted } from './restart-policy.ts';
import { Restarts } from './restarts.ts';
import { Roster } from './roster.ts';
import type { SupervisorFlags } from './supervisor-flags.ts';
import type { SupervisorEvent, SupervisorSnapshot, SupervisorState } from './supervisor-logic.ts';

type EventOf<T extends SupervisorEvent['type']> = Extract<SupervisorEvent, { type: T }>;

/**
 * What a supervisor is doing. What is left to do stands in its agenda: stops, one child at a time, each ended before
 * the next is told; then starts, each ready before the next is started. Every event updates the records of the
 * children and the agenda, and then works on it:
 *
 * | event | record | agenda |
 * |---|---|---|
 * | begin | all `waiting` | start all |
 * | a child is ready | `running` | – |
 * | a child exits by itself, to be restarted | `waiting`; siblings by strategy `fate = restart` | stop and start them, from the next macrotask or after the back-off |
 * | a child fails to come back | `waiting`; siblings not started yet `stopped` | try again on the next macrotask or after the back-off, as above |
 * | a child exits by itself, not to be restarted | `stopped` or forgotten | – |
 * | a child exits at its first start | – | stop everything, then exit with `StartFailure` |
 * | restarts exceed the budget | all `fate = rest` | stop everything, then exit with `ShutdownExit` |
 * | a significant child ends for good | all `fate = rest` | as above |
 * | shutdown | all `fate = rest` | stop everything, then done |
 *
 * A failed attempt to restart is counted when it is tried again, not before (`try_again_restart` in OTP's
 * supervisor.erl): until then, whoever terminates the child saves the supervisor. Instances of a `simple_one_for_one`
 * supervisor do not wait for each other to end.
 */
export class Supervision {
  readonly roster = new Roster();
  readonly intensity = new RestartIntensity();
  /** Told if the supervisor ends before it has answered them. */
  readonly callers = new Set<() => void>();
  readonly #scope: SupervisorScope;
  readonly #context: RuntimeContext;
  readonly #life: ChildLife;
  readonly #calls: Calls;
  readonly #dynamic = new DynamicShutdown();
  readonly #agenda: Agenda;
  readonly #restarts: Restarts;
  #flags: SupervisorFlags;
  #state: SupervisorState = 'starting';
  #live = 0;
  /** Set once the supervisor is to end: with this error, or in good order. */
  #ending: { readonly error: Error | undefined } | undefined;
  #ended = false;

  /** @param init what the supervisor's flags would be if it started now */
  constructor(flags: SupervisorFlags, init: () => SupervisorFlags, scope: SupervisorScope) {
    this.#flags = flags;
    this.#scope = scope;
    this.#context = contextOf(scope.system);
    this.#life = new ChildLife(scope, (event) => this.#tell(event));
    this.#agenda = new Agenda({
      launch: (child) => this.#launch(child),
      stop: (child) => this.#life.stop(child),
      resumeLater: () => this.#tell({ type: 'supervisor.resume' }),
    });
    this.#restarts = new Restarts({
      roster: this.roster,
      intensity: this.intensity,
      agenda: this.#agenda,
      life: this.#life,
      context: this.#context,
      flags: () => this.#flags,
      rest: (child, fate) => this.#rest(child, fate),
    });
    this.#calls = createCalls({
      roster: this.roster,
      flags: () => this.#flags,
      init,
      isEnding: () => this.#ending !== undefined,
      adopt: (spec, start) => this.#adopt(spec, start),
      enqueue: (child, start) => this.#enqueue(child, start),
      condemn: (child) => this.#condemn(child),
      cancel: (child) => this.#cancel(child),
      configure: (next) => {
        this.#flags = next;
      },
      again: (call) => this.#tell({ type: 'supervisor.called', call }),
    });
  }

  get flags(): SupervisorFlags {
    return this.#flags;
  }

  handle(event: SupervisorEvent): void {
    if (this.#ended) return;
    switch (event.type) {
      case 'supervisor.begin':
        this.#begin();
        break;
      case 'supervisor.resume':
        this.#resume();
        break;
      case 'supervisor.retry':
        this.#retry(event);
        break;
      case 'supervisor.ready':
        this.#ready(event);
        break;
      case 'supervisor.exited':
        this.#exited(event);
        break;
      case 'supervisor.overdue':
        if (event.child.ref === event.ref) this.#life.overdue(event.child);
        break;
      case 'supervisor.called':
        this.#calls.handle(event.call);
        break;
      case 'supervisor.shutdown':
        this.#end(undefined);
        this.#advance();
        break;
      case 'xstate.stop':
        this.#abandon();
        break;
    }
  }

  snapshot(): SupervisorSnapshot {
    const state = this.#state;
    if (!this.#ended) return { status: 'active', output: undefined, error: undefined, state };
    if (!this.#ending) return { status: 'stopped', output: undefined, error: undefined, state };
    const error = this.#ending.error;
    if (error) return { status: 'error', output: undefined, error, state };
    return { status: 'done', output: undefined, error: undefined, state };
  }

  // The agenda

  #begin(): void {
    if (!this.#isSimple()) {
      for (const spec of this.#flags.children) this.#agenda.startLast(this.#adopt(spec, 'first'));
    }
    this.#advance();
  }

  #resume(): void {
    this.#agenda.resume();
    this.#advance();
  }

  #advance(): void {
    if (this.#ended || this.#agenda.stopNext(this.#isSimple())) return;
    if (!this.#ending) this.#agenda.startNext(() => this.#startsInTurn());
    else if (this.#live === 0) this.#finish();
    if (this.#state === 'starting' && !this.#agenda.hasStarts) this.#state = 'running';
  }

  /** Children that depend on nobody start without waiting for each other, except the first time. */
  #startsInTurn(): boolean {
    return this.#state === 'starting' || this.#restarts.inGroups;
  }

  #isSimple(): boolean {
    return this.#flags.strategy === 'simple_one_for_one';
  }

  // One child

  #adopt(spec: ResolvedChildSpec, start: Child['start']): Child {
    const child = createRecord(spec, `${this.#life.path}/${spec.id}`, start);
    this.roster.add(child);
    return child;
  }

  #enqueue(child: Child, start: Child['start']): void {
    child.state = 'waiting';
    child.start = start;
    this.#agenda.startLast(child);
    this.#advance();
  }

  #launch(child: Child): void {
    this.#live++;
    if (child.spec.significant) this.roster.significant.add(child);
    const ref = this.#life.launch(child);
    if (!child.spec.ready && ref.getSnapshot().status !== 'error') this.#started(child);
  }

  #ready({ child, ref }: EventOf<'supervisor.ready'>): void {
    if (child.ref !== ref || child.state !== 'starting') return;
    this.#started(child);
    this.#advance();
  }

  #started(child: Child): void {
    child.state = 'running';
    child.start = 'restart';
    if (this.#isSimple()) this.roster.know(child);
    this.#life.reportStarted(child);
    tellStarted(child, ok(this.#life.describe(child)));
  }

  /** Ends it whatever else goes on; it will not be started again. */
  #condemn(child: Child): void {
    child.fate = this.#fateOfEnded(child);
    if (child.state !== 'stopping') this.#agenda.stop(child);
  }

  /** It does not run; if it was about to, it will not. */
  #cancel(child: Child): void {
    this.#rest(child, this.#fateOfEnded(child));
    tellStopped(child);
    this.#advance();
  }

  /** What becomes of a child that will not be restarted: an instance has no specification to be kept. */
  #fateOfEnded(child: Child): 'rest' | 'forget' {
    return this.#isSimple() || child.spec.restart === 'temporary' ? 'forget' : 'rest';
  }

  // Exits

  #exited({ child, ref, exit }: EventOf<'supervisor.exited'>): void {
    if (child.ref !== ref) return;
    const starting = child.state === 'starting';
    this.#live--;
    this.#life.bury(child, exit);
    if (child.fate) this.#settle(child, exit, child.fate);
    else if (starting && exit.kind === 'normal' && exit.ignored) this.#ignored(child);
    else if (starting && child.start !== 'restart') this.#failedToStart(child, exit);
    else this.#decide(child, exit, starting);
    this.#advance();
  }

  /** A child ended whose end was wanted. */
  #settle(child: Child, exit: ExitReason, fate: NonNullable<Child['fate']>): void {
    child.fate = undefined;
    if (!isOrderlyEnd(child, exit)) this.#reportShutdownError(child, exit);
    if (fate === 'restart') child.state = 'waiting';
    else this.#rest(child, fate);
    tellStopped(child);
  }

  #reportShutdownError(child: Child, exit: ExitReason): void {
    if (this.#isSimple() && this.#ending) this.#dynamic.note(child, exit);
    else this.#life.report('shutdown_error', child, exit);
  }

  /** The child will not be started again, unless asked for. */
  #rest(child: Child, fate: 'rest' | 'forget'): void {
    this.#life.cancelDeadline(child);
    this.#life.release(child);
    child.state = 'stopped';
    this.roster.significant.delete(child);
    if (fate === 'forget') this.roster.remove(child);
    if (child.onStarted) tellStarted(child, err(this.#ending ? { kind: 'noproc' } : stoppedEarly()));
  }

  /** It was not wanted: known but stopped, as before; a new one is not even known, if it is temporary. */
  #ignored(child: Child): void {
    const isKnown = !this.#isSimple() && (child.start === 'recalled' || child.start === 'restart');
    tellStarted(child, ok({ ref: undefined }));
    this.#rest(child, isKnown ? 'rest' : this.#fateOfEnded(child));
  }

  #failedToStart(child: Child, exit: ExitReason): void {
    const error = errorOf(exit);
    tellStarted(child, err({ kind: 'start-failed', reason: error }));
    this.#rest(child, child.start === 'called' ? 'forget' : 'rest');
    // Whoever called hears of it; nobody else would hear of this one.
    if (child.start !== 'first') return;
    this.#life.report('start_error', child, exit);
    this.#end(asStartFailure(child.path, error));
  }

  /** A child ended by itself: restart it, or not. */
  #decide(child: Child, exit: ExitReason, failedStart: boolean): void {
    // One that fails to come back had been running: whatever its type is by now, it is tried again.
    const restart = (failedStart && exit.kind !== 'normal') || isToBeRestarted(child, exit);
    if (restart || isAbnormal(exit)) {
      this.#life.report(failedStart ? 'start_error' : 'child_terminated', child, exit);
    }
    if (!restart) this.#endedForGood(child);
    else if (failedStart) this.#restarts.tryAgain(child);
    else if (this.#restarts.allowed()) this.#restarts.restart(child);
    else this.#giveUp(child);
  }

  #endedForGood(child: Child): void {
    const wasSignificant = this.roster.significant.has(child);
    this.#rest(child, this.#fateOfEnded(child));
    const { autoShutdown } = this.#flags;
    if (!wasSignificant || autoShutdown === 'never') return;
    if (autoShutdown === 'all_significant' && this.roster.significant.size > 0) return;
    this.#end(new ShutdownExit(`its significant child ${child.path} has ended`));
  }

  #retry({ child, counted }: EventOf<'supervisor.retry'>): void {
    if (this.#ending || !isRestarting(child)) return;
    if (counted || this.#restarts.allowed()) this.#restarts.bringBack(child);
    else this.#giveUp(child);
    this.#advance();
  }

  #giveUp(child: Child): void {
    const { intensity, period } = this.#flags;
    const exit = child.lastExit ?? { kind: 'noproc' };
    const explanation = `more than ${intensity} restarts in ${period} s, the last of ${child.path}`;
    const cause = new ShutdownExit(explanation, { cause: errorOf(exit) });
    this.#life.report('shutdown', child, { kind: 'shutdown', cause });
    this.#end(cause);
  }

  // The supervisor's own end

  /** Condemns all children; the supervisor ends once they have. */
  #end(error: Error | undefined): void {
    if (this.#ending) return;
    this.#ending = { error };
    this.#state = 'stopping';
    this.#agenda.startThese([]);
    for (const child of this.roster) {
      if (isLive(child)) child.fate = 'rest';
      else this.#rest(child, 'rest');
    }
    this.#agenda.stopThese([...this.roster].filter(isLive));
  }

  #finish(): void {
    this.#dynamic.report((exit, child, count) => this.#life.report('shutdown_error', child, exit, count));
    this.#ended = true;
    this.#state = 'stopped';
    this.#agenda.close();
    for (const ended of this.callers) ended();
  }

  /** Stopped the XState way, without any waiting: so is everything below. */
  #abandon(): void {
    this.#finish();
    for (const child of [...this.roster].reverse()) this.#life.abandon(child);
  }

  /** To itself: whatever it learns outside of an event becomes one. */
  #tell(event: SupervisorEvent): void {
    if (!this.#ended) this.#scope.self.send(event);
  }
}

function stoppedEarly(): NotStarted {
  return { kind: 'start-failed', reason: new Error('it was stopped before it was ready') };
}

/** The deepest child that failed is the one to tell about. */
function asStartFailure(path: string, error: Error): StartFailure {
  return error instanceof StartFailure ? error : new StartFailure(path, error);
}
