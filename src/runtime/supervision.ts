import type { AnyActorRef } from 'xstate';
import { err, ok, type Result } from '../core/result.ts';
import {
  type Child,
  createRecord,
  fateOfBystander,
  fateOfTerminated,
  isLive,
  type Started,
  tellStarted,
  tellStopped,
} from './child.ts';
import { ChildLife, type SupervisorScope } from './child-life.ts';
import { type ChildSpec, type ResolvedChildSpec, resolveSpec } from './child-spec.ts';
import { contextOf, type RuntimeContext } from './context.ts';
import { type ExitReason, errorOf, isAbnormal, ShutdownExit, StartFailure } from './exit.ts';
import { countRestart, type RestartBudget } from './restart-intensity.ts';
import type { NotStopped, SupervisorEvent, SupervisorSnapshot, SupervisorState } from './supervisor-logic.ts';

export type Strategy = 'one_for_one' | 'one_for_all' | 'rest_for_one';

export interface SupervisorFlags extends RestartBudget {
  readonly strategy: Strategy;
  /** The static children: they are started with the supervisor, and again with each incarnation of it. */
  readonly children: readonly ChildSpec[];
}

type EventOf<T extends SupervisorEvent['type']> = Extract<SupervisorEvent, { type: T }>;

/** Children started before other actors get their turn. */
const LAUNCH_BATCH = 64;

/**
 * What a supervisor is doing. Two queues hold what is left to do: `stops`, worked from the end, one child at a time,
 * each ended before the next is told; then `starts`, worked from the front, each ready before the next is started.
 * Every event updates the records of the children and then advances the queues:
 *
 * | event | record | queues |
 * |---|---|---|
 * | begin | all `waiting` | all into `starts` |
 * | a child is ready | `running` | – |
 * | a child exits by itself, to be restarted | `waiting`; siblings by strategy `fate = restart` | affected into `stops` and `starts`, on the next macrotask |
 * | a child exits by itself, not to be restarted | `stopped` or forgotten | – |
 * | a child exits at its first start | – | everything into `stops`, then exit with `StartFailure` |
 * | restarts exceed the budget | all `fate = rest` | everything into `stops`, then exit with `ShutdownExit` |
 * | shutdown | all `fate = rest` | everything into `stops`, then done |
 */
export class Supervision {
  readonly flags: SupervisorFlags;
  readonly #scope: SupervisorScope;
  readonly #context: RuntimeContext;
  readonly #life: ChildLife;
  readonly #children = new Map<string, Child>();
  #stops: Child[] = [];
  #starts: Child[] = [];
  #state: SupervisorState = 'starting';
  /** Set once the supervisor is to end: with this error, or in good order. */
  #ending: { readonly error: Error | undefined } | undefined;
  #ended = false;
  #pause: NodeJS.Immediate | undefined;
  #restarts: readonly number[] = [];

  constructor(flags: SupervisorFlags, scope: SupervisorScope) {
    this.flags = flags;
    this.#scope = scope;
    this.#context = contextOf(scope.system);
    this.#life = new ChildLife(scope, (event) => this.#tell(event));
  }

  /** In start order. */
  get children(): ReadonlyMap<string, Child> {
    return this.#children;
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
      case 'supervisor.ready':
        this.#ready(event);
        break;
      case 'supervisor.exited':
        this.#exited(event);
        break;
      case 'supervisor.overdue':
        this.#overdue(event);
        break;
      case 'supervisor.startChild':
        this.#startChild(event);
        break;
      case 'supervisor.restartChild':
        this.#restartChild(event);
        break;
      case 'supervisor.terminateChild':
        this.#terminateChild(event);
        break;
      case 'supervisor.deleteChild':
        this.#deleteChild(event);
        break;
      case 'supervisor.shutdown':
        this.#shutdown();
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

  // Queues

  #begin(): void {
    for (const spec of this.flags.children) this.#starts.push(this.#adopt(resolveSpec(spec), 'first'));
    this.#advance();
  }

  #resume(): void {
    this.#pause = undefined;
    this.#advance();
  }

  #advance(): void {
    if (this.#ended) return;
    if (this.#stopNext()) return;
    if (this.#ending) this.#finish();
    else if (!this.#pause) this.#startNext();
    if (this.#state === 'starting' && this.#starts.length === 0) this.#state = 'running';
  }

  /** Whether a child is still being stopped. */
  #stopNext(): boolean {
    for (let last = this.#stops.at(-1); last; last = this.#stops.at(-1)) {
      if (last.state !== 'stopping' && isLive(last)) this.#life.stop(last);
      if (isLive(last)) return true;
      this.#stops.pop();
    }
    return false;
  }

  #startNext(): void {
    let launched = 0;
    for (let next = this.#starts[0]; next; next = this.#starts[0]) {
      if (launched === LAUNCH_BATCH) this.#later();
      if (this.#pause) return;
      if (next.state === 'waiting') {
        this.#launch(next);
        launched++;
      }
      if (next.state === 'starting' && this.#startsInTurn()) return;
      this.#starts.shift();
    }
  }

  /** Children that depend on nobody start without waiting for each other, except the first time. */
  #startsInTurn(): boolean {
    return this.#state === 'starting' || this.flags.strategy !== 'one_for_one';
  }

  /** Goes on with the starts on a macrotask: timers, sockets and requests to this supervisor come in between. */
  #later(): void {
    this.#pause ??= setImmediate(() => this.#tell({ type: 'supervisor.resume' }));
  }

  // One child

  #adopt(spec: ResolvedChildSpec, start: Child['start']): Child {
    const child = createRecord(spec, `${this.#life.path}/${spec.id}`, start);
    this.#children.set(spec.id, child);
    return child;
  }

  #launch(child: Child): void {
    const ref = this.#life.launch(child);
    const failed = ref.getSnapshot().status === 'error';
    if (!child.spec.ready && !failed) this.#started(child, ref);
  }

  #ready({ id, ref }: EventOf<'supervisor.ready'>): void {
    const child = this.#children.get(id);
    if (child?.ref !== ref || child.state !== 'starting') return;
    this.#started(child, ref);
    this.#advance();
  }

  #started(child: Child, ref: AnyActorRef): void {
    child.state = 'running';
    child.start = 'restart';
    this.#life.reportStarted(child);
    tellStarted(child, ok(ref));
  }

  #overdue({ id, ref }: EventOf<'supervisor.overdue'>): void {
    const child = this.#children.get(id);
    if (child?.ref === ref) this.#life.overdue(child);
  }

  // Exits

  #exited({ id, ref, exit }: EventOf<'supervisor.exited'>): void {
    const child = this.#children.get(id);
    if (child?.ref !== ref) return;
    const starting = child.state === 'starting';
    this.#life.bury(child, exit);
    if (child.fate) this.#settle(child, exit, child.fate);
    else if (starting && child.start !== 'restart') this.#failedToStart(child, exit);
    else this.#decide(child, exit, starting);
    this.#advance();
  }

  /** A child ended whose end was wanted. */
  #settle(child: Child, reason: ExitReason, fate: NonNullable<Child['fate']>): void {
    child.fate = undefined;
    const expected = child.spec.shutdown === 'brutal_kill' && reason.kind === 'killed';
    if (isAbnormal(reason) && !expected) {
      this.#life.report('shutdown_error', child, reason);
    }
    if (fate === 'restart') child.state = 'waiting';
    else this.#rest(child, fate);
    tellStopped(child);
  }

  /** The child will not be started again, unless asked for. */
  #rest(child: Child, fate: 'rest' | 'forget'): void {
    child.state = 'stopped';
    if (fate === 'forget') this.#children.delete(child.spec.id);
    const reason = new Error('it was stopped before it was ready');
    tellStarted(child, err(this.#ending ? { kind: 'shutting-down' } : { kind: 'start-failed', reason }));
  }

  #failedToStart(child: Child, reason: ExitReason): void {
    const error = errorOf(reason);
    this.#life.report('start_error', child, reason);
    if (child.start === 'called') this.#children.delete(child.spec.id);
    tellStarted(child, err({ kind: 'start-failed', reason: error }));
    if (child.start === 'first') this.#end(asStartFailure(child.path, error));
  }

  /** A child ended by itself: restart it, or not. */
  #decide(child: Child, reason: ExitReason, failedStart: boolean): void {
    const restart = isToBeRestarted(child, reason, failedStart);
    if (restart || isAbnormal(reason)) {
      const type = failedStart ? 'start_error' : 'child_terminated';
      this.#life.report(type, child, reason);
    }
    if (!restart) this.#rest(child, fateOfTerminated(child));
    else if (this.#mayRestart()) this.#restart(child);
    else this.#giveUp(child, reason);
  }

  #mayRestart(): boolean {
    const recent = countRestart(this.#restarts, this.#context.clock.now(), this.flags);
    if (recent) this.#restarts = recent;
    return recent !== undefined;
  }

  #restart(child: Child): void {
    child.state = 'waiting';
    child.start = 'restart';
    this.#later();
    if (this.flags.strategy === 'one_for_one') {
      this.#starts.push(child);
      return;
    }
    const children = [...this.#children.values()];
    const affected =
      this.flags.strategy === 'one_for_all' ? children : children.slice(children.indexOf(child));
    for (const sibling of affected) if (isLive(sibling)) sibling.fate ??= fateOfBystander(sibling);
    this.#stops = children.filter((sibling) => sibling.fate !== undefined);
    this.#starts = children.filter((sibling) => isToBeStarted(sibling));
  }

  #giveUp(child: Child, reason: ExitReason): void {
    const { intensity, period } = this.flags;
    const explanation = `more than ${intensity} restarts in ${period} s, the last of ${child.path}`;
    const cause = new ShutdownExit(explanation, { cause: errorOf(reason) });
    this.#life.report('shutdown', child, { kind: 'shutdown', cause });
    this.#end(cause);
  }

  // The supervisor's own end

  #shutdown(): void {
    this.#end(undefined);
    this.#advance();
  }

  /** Condemns all children; the supervisor ends once they have. */
  #end(error: Error | undefined): void {
    if (this.#ending) return;
    this.#ending = { error };
    this.#state = 'stopping';
    this.#starts = [];
    for (const child of this.#children.values()) {
      if (isLive(child)) child.fate = 'rest';
      else child.state = 'stopped';
    }
    this.#stops = [...this.#children.values()].filter(isLive);
  }

  #finish(): void {
    this.#ended = true;
    this.#state = 'stopped';
    clearImmediate(this.#pause);
  }

  /** Stopped the XState way, without any waiting: so is everything below. */
  #abandon(): void {
    this.#finish();
    for (const child of [...this.#children.values()].reverse()) {
      this.#life.abandon(child);
    }
  }

  // Requests

  #startChild(event: EventOf<'supervisor.startChild'>): void {
    const { spec, reply } = event;
    const present = this.#children.get(spec.id);
    if (this.#ending) reply(err({ kind: 'shutting-down' }));
    else if (present) this.#startPresent(present, event);
    else this.#enqueue(this.#adopt(resolveSpec(spec), 'called'), reply);
  }

  /** Answers once the child of that id is either up or down, never in between. */
  #startPresent(child: Child, event: EventOf<'supervisor.startChild'>): void {
    const { reply } = event;
    const alreadyStarted = (result: Started) =>
      reply(result.ok ? err({ kind: 'already-started', ref: result.value }) : result);
    if (child.state === 'stopping') child.onStopped.push(() => this.#tell(event));
    else if (child.state === 'running' && child.ref) alreadyStarted(ok(child.ref));
    else if (isDown(child)) reply(err({ kind: 'already-present' }));
    else child.onStarted.push(alreadyStarted);
  }

  #restartChild({ id, reply }: EventOf<'supervisor.restartChild'>): void {
    const child = this.#stoppedChild(id);
    if (!child.ok) reply(child);
    else this.#enqueue(child.value, reply, 'recalled');
  }

  #enqueue(child: Child, reply: (result: Started) => void, start: Child['start'] = child.start): void {
    child.state = 'waiting';
    child.start = start;
    child.onStarted.push(reply);
    this.#starts.push(child);
    this.#advance();
  }

  #terminateChild({ id, reply }: EventOf<'supervisor.terminateChild'>): void {
    const child = this.#children.get(id);
    child?.onStopped.push(() => reply(true));
    if (!child) reply(false);
    else if (isLive(child)) this.#condemn(child);
    else this.#cancel(child);
  }

  #condemn(child: Child): void {
    child.fate = fateOfTerminated(child);
    if (child.state !== 'stopping') this.#life.stop(child);
  }

  /** It does not run; if it was about to, it will not. */
  #cancel(child: Child): void {
    this.#rest(child, fateOfTerminated(child));
    tellStopped(child);
    this.#advance();
  }

  #deleteChild({ id, reply }: EventOf<'supervisor.deleteChild'>): void {
    const child = this.#stoppedChild(id);
    if (child.ok) this.#children.delete(id);
    reply(child.ok ? ok(undefined) : child);
  }

  #stoppedChild(id: string): Result<Child, NotStopped> {
    const child = this.#children.get(id);
    if (this.#ending) return err({ kind: 'shutting-down' });
    if (!child) return err({ kind: 'not-found' });
    if (child.state === 'stopped') return ok(child);
    return err({ kind: isLive(child) ? 'running' : 'restarting' });
  }

  // Speaking

  /** To itself: whatever it learns outside of an event becomes one. */
  #tell(event: SupervisorEvent): void {
    if (!this.#ended) this.#scope.self.send(event);
  }
}

/** Not running, and nobody waits for its first start. */
function isDown(child: Child): boolean {
  return child.state === 'stopped' || (child.state === 'waiting' && child.start === 'restart');
}

/** Those that are starting are kept in the queue: the next in turn waits for them. */
function isToBeStarted(child: Child): boolean {
  return child.state === 'waiting' || child.state === 'starting' || child.fate === 'restart';
}

/** A child that failed to come back is tried again whatever its type: it had been running. */
function isToBeRestarted(child: Child, reason: ExitReason, failedStart: boolean): boolean {
  if (child.spec.restart === 'temporary') return false;
  if (child.spec.restart === 'permanent') return true;
  return isAbnormal(reason) || (failedStart && reason.kind !== 'normal');
}

/** The deepest child that failed is the one to tell about. */
function asStartFailure(path: string, error: Error): StartFailure {
  return error instanceof StartFailure ? error : new StartFailure(path, error);
}
