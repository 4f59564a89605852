import { err, ok } from '../core/result.ts';
import { backoffDelay } from './backoff.ts';
import { type Calls, createCalls } from './calls.ts';
import {
  type Child,
  createRecord,
  fateOfBystander,
  fateOfTerminated,
  isLive,
  tellStarted,
  tellStopped,
} from './child.ts';
import { ChildLife, type SupervisorScope } from './child-life.ts';
import type { ResolvedChildSpec } from './child-spec.ts';
import { contextOf, type RuntimeContext } from './context.ts';
import { DynamicShutdown } from './dynamic-shutdown.ts';
import { type ExitReason, errorOf, isAbnormal, ShutdownExit, StartFailure } from './exit.ts';
import { RestartIntensity } from './restart-intensity.ts';
import { Roster } from './roster.ts';
import type { SupervisorFlags } from './supervisor-flags.ts';
import type { SupervisorEvent, SupervisorSnapshot, SupervisorState } from './supervisor-logic.ts';

type EventOf<T extends SupervisorEvent['type']> = Extract<SupervisorEvent, { type: T }>;

/** Children started or stopped before other actors, timers and sockets get their turn. */
const BATCH = 64;

/**
 * What a supervisor is doing. Two queues hold what is left to do: `stops`, worked from the end, one child at a time,
 * each ended before the next is told; then `starts`, worked from the front, each ready before the next is started.
 * Every event updates the records of the children and then advances the queues:
 *
 * | event | record | queues |
 * |---|---|---|
 * | begin | all `waiting` | all into `starts` |
 * | a child is ready | `running` | – |
 * | a child exits by itself, to be restarted | `waiting`; siblings by strategy `fate = restart` | affected into `stops` and `starts`, on the next macrotask or after the back-off |
 * | a child exits by itself, not to be restarted | `stopped` or forgotten | – |
 * | a child exits at its first start | – | everything into `stops`, then exit with `StartFailure` |
 * | restarts exceed the budget | all `fate = rest` | everything into `stops`, then exit with `ShutdownExit` |
 * | a significant child ends for good | all `fate = rest` | as above |
 * | shutdown | all `fate = rest` | everything into `stops`, then done |
 *
 * Instances of a `simple_one_for_one` supervisor do not wait for each other to end.
 */
export class Supervision {
  readonly roster = new Roster();
  readonly intensity = new RestartIntensity();
  readonly #scope: SupervisorScope;
  readonly #context: RuntimeContext;
  readonly #life: ChildLife;
  readonly #calls: Calls;
  readonly #dynamic = new DynamicShutdown();
  #flags: SupervisorFlags;
  #state: SupervisorState = 'starting';
  #stops: Child[] = [];
  #starts: Child[] = [];
  /** Where in `starts` the next one stands. */
  #next = 0;
  #live = 0;
  /** Children started or stopped since others last had their turn. */
  #worked = 0;
  #pause: { readonly holds: 'starts' | 'everything'; readonly until: NodeJS.Immediate } | undefined;
  /** Set once the supervisor is to end: with this error, or in good order. */
  #ending: { readonly error: Error | undefined } | undefined;
  #ended = false;

  /** @param init what the supervisor's flags would be if it started now */
  constructor(flags: SupervisorFlags, init: () => SupervisorFlags, scope: SupervisorScope) {
    this.#flags = flags;
    this.#scope = scope;
    this.#context = contextOf(scope.system);
    this.#life = new ChildLife(scope, (event) => this.#tell(event));
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
        this.#retry(event.child);
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

  // Queues

  #begin(): void {
    if (!this.#isSimple()) {
      for (const spec of this.#flags.children) this.#starts.push(this.#adopt(spec, 'first'));
    }
    this.#advance();
  }

  #resume(): void {
    this.#pause = undefined;
    this.#worked = 0;
    this.#advance();
  }

  #advance(): void {
    if (this.#ended || this.#stopNext()) return;
    if (this.#ending) this.#finish();
    else if (!this.#pause) this.#startNext();
    if (this.#state === 'starting' && this.#next === this.#starts.length) this.#state = 'running';
  }

  /** Whether a child is still being stopped. */
  #stopNext(): boolean {
    for (let last = this.#stops.at(-1); last; last = this.#stops.at(-1)) {
      if (this.#isExhausted()) return true;
      if (last.state !== 'stopping' && isLive(last)) this.#stop(last);
      if (isLive(last) && !this.#isSimple()) return true;
      this.#stops.pop();
    }
    return this.#ending !== undefined && this.#live > 0;
  }

  #startNext(): void {
    for (let next = this.#starts[this.#next]; next; next = this.#starts[this.#next]) {
      if (this.#isExhausted()) return;
      if (next.state === 'waiting') this.#launch(next);
      if (next.state === 'starting' && this.#startsInTurn()) return;
      this.#next++;
    }
    this.#startsAre([]);
  }

  #startsAre(children: readonly Child[]): void {
    this.#starts = [...children];
    this.#next = 0;
  }

  /** Children that depend on nobody start without waiting for each other, except the first time. */
  #startsInTurn(): boolean {
    if (this.#state === 'starting') return true;
    return this.#flags.strategy === 'one_for_all' || this.#flags.strategy === 'rest_for_one';
  }

  #isExhausted(): boolean {
    if (this.#worked >= BATCH) this.#hold('everything');
    return this.#pause?.holds === 'everything';
  }

  /** Goes on with a macrotask: timers, sockets and calls to this supervisor come in between. */
  #hold(holds: 'starts' | 'everything'): void {
    const until = this.#pause?.until ?? setImmediate(() => this.#tell({ type: 'supervisor.resume' }));
    this.#pause = { holds, until };
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
    this.#starts.push(child);
    this.#advance();
  }

  #launch(child: Child): void {
    this.#worked++;
    this.#live++;
    if (child.spec.significant) this.roster.significant.add(child);
    const ref = this.#life.launch(child);
    if (this.#isSimple()) this.roster.know(child, ref);
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
    this.#life.reportStarted(child);
    tellStarted(child, ok(this.#life.describe(child)));
  }

  #stop(child: Child): void {
    this.#worked++;
    this.#life.stop(child);
  }

  /** Ends it whatever else goes on; it will not be started again. */
  #condemn(child: Child): void {
    child.fate = fateOfTerminated(child);
    if (child.state !== 'stopping') this.#stop(child);
  }

  /** It does not run; if it was about to, it will not. */
  #cancel(child: Child): void {
    this.#rest(child, fateOfTerminated(child));
    tellStopped(child);
    this.#advance();
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
    child.state = 'stopped';
    this.roster.significant.delete(child);
    if (fate === 'forget') this.roster.remove(child);
    const reason = new Error('it was stopped before it was ready');
    tellStarted(child, err(this.#ending ? { kind: 'noproc' } : { kind: 'start-failed', reason }));
  }

  /** It was not wanted: known but stopped, except where its specification is of no use any more. */
  #ignored(child: Child): void {
    tellStarted(child, ok({ ref: undefined }));
    this.#rest(child, this.#isSimple() ? 'forget' : fateOfTerminated(child));
  }

  #failedToStart(child: Child, exit: ExitReason): void {
    const error = errorOf(exit);
    this.#life.report('start_error', child, exit);
    const result = err({ kind: 'start-failed', reason: error } as const);
    tellStarted(child, result);
    this.#rest(child, child.start === 'called' ? 'forget' : 'rest');
    if (child.start === 'first') this.#end(asStartFailure(child.path, error));
  }

  /** A child ended by itself: restart it, or not. */
  #decide(child: Child, exit: ExitReason, failedStart: boolean): void {
    const restart = isToBeRestarted(child, exit, failedStart);
    if (restart || isAbnormal(exit)) {
      this.#life.report(failedStart ? 'start_error' : 'child_terminated', child, exit);
    }
    if (!restart) this.#endedForGood(child);
    else if (this.intensity.allows(this.#context.clock.now(), this.#flags)) this.#restart(child);
    else this.#giveUp(child, exit);
  }

  #endedForGood(child: Child): void {
    const wasSignificant = this.roster.significant.has(child);
    this.#rest(child, this.#isSimple() ? 'forget' : fateOfTerminated(child));
    const { autoShutdown } = this.#flags;
    if (!wasSignificant || autoShutdown === 'never') return;
    if (autoShutdown === 'all_significant' && this.roster.significant.size > 0) return;
    this.#end(new ShutdownExit(`its significant child ${child.path} has ended`));
  }

  #restart(child: Child): void {
    child.state = 'waiting';
    child.start = 'restart';
    const group = this.#groupOf(child);
    for (const sibling of group) {
      if (sibling.state === 'waiting') this.#life.cancelDeadline(sibling);
      if (isLive(sibling)) sibling.fate ??= fateOfBystander(sibling);
    }
    if (group.length > 0) this.#stops = [...this.roster].filter((sibling) => sibling.fate !== undefined);
    const wait = this.#waitBefore(child);
    if (wait === undefined) this.#comeBack(child);
    else this.#life.retryAfter(child, wait);
    // Starts that were under way are behind the one that is waited for.
    if (wait !== undefined && group.length > 0) this.#startsAre([]);
  }

  #retry(child: Child): void {
    if (child.state !== 'waiting') return;
    this.#comeBack(child);
    this.#advance();
  }

  /** Queues the start of a child that ended, with those that were stopped on its behalf. */
  #comeBack(child: Child): void {
    this.#hold(this.#pause?.holds ?? 'starts');
    if (this.#groupOf(child).length === 0) this.#starts.push(child);
    else this.#startsAre([...this.roster].filter(isToBeStarted));
  }

  /** Those that are restarted together with a child, itself included; none where it is alone. */
  #groupOf(child: Child): readonly Child[] {
    if (this.#flags.strategy === 'one_for_all') return [...this.roster];
    return this.#flags.strategy === 'rest_for_one' ? this.roster.from(child) : [];
  }

  #waitBefore(child: Child): number | undefined {
    const { backoff } = child.spec;
    if (!backoff) return undefined;
    const lived = this.#context.clock.now() - child.startedAt;
    if (lived >= backoff.healthyAfter) child.backoffs = 0;
    return backoffDelay(backoff, child.backoffs++, this.#context.random);
  }

  #giveUp(child: Child, exit: ExitReason): void {
    const { intensity, period } = this.#flags;
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
    this.#startsAre([]);
    for (const child of this.roster) {
      if (isLive(child)) child.fate = 'rest';
      else this.#rest(child, 'rest');
    }
    this.#stops = [...this.roster].filter(isLive);
  }

  #finish(): void {
    this.#dynamic.report((exit, child, count) => this.#life.report('shutdown_error', child, exit, count));
    this.#ended = true;
    this.#state = 'stopped';
    clearImmediate(this.#pause?.until);
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

/** Those that are starting are kept in the queue: the next in turn waits for them. */
function isToBeStarted(child: Child): boolean {
  return child.state === 'waiting' || child.state === 'starting' || child.fate === 'restart';
}

/** A child that failed to come back is tried again whatever its type: it had been running. */
function isToBeRestarted(child: Child, exit: ExitReason, failedStart: boolean): boolean {
  if (child.spec.restart === 'temporary') return false;
  if (child.spec.restart === 'permanent') return true;
  return isAbnormal(exit) || (failedStart && exit.kind !== 'normal');
}

/** Whether a child that was to end has ended as it should (`shutdown/1` in OTP's supervisor.erl). */
function isOrderlyEnd({ spec }: Child, exit: ExitReason): boolean {
  if (exit.kind === 'killed') return spec.shutdown === 'brutal_kill';
  if (exit.kind === 'shutdown' && !exit.cause) return true;
  return spec.restart !== 'permanent' && !isAbnormal(exit);
}

/** The deepest child that failed is the one to tell about. */
function asStartFailure(path: string, error: Error): StartFailure {
  return error instanceof StartFailure ? error : new StartFailure(path, error);
}
