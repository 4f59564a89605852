import type { RuntimeContext } from '../context.ts';
import type { Agenda } from './agenda.ts';
import { backoffDelay } from './backoff.ts';
import { type Child, isLive, isRestarting } from './child.ts';
import type { ChildLife } from './child-life.ts';
import type { RestartIntensity } from './restart-intensity.ts';
import type { Roster } from './roster.ts';
import type { SupervisorFlags } from './supervisor-flags.ts';

/** What restarts work on. */
export interface RestartScene {
  readonly roster: Roster;
  readonly intensity: RestartIntensity;
  readonly agenda: Agenda;
  readonly life: ChildLife;
  readonly context: RuntimeContext;
  flags(): SupervisorFlags;
  /** The child will not be started again, unless asked for. */
  rest(child: Child, fate: 'rest' | 'forget'): void;
}

/**
 * Brings children back: which of them together, and when. A restart puts stops and starts on the agenda of their
 * supervisor; carrying them out is its affair.
 */
export class Restarts {
  readonly #scene: RestartScene;

  constructor(scene: RestartScene) {
    this.#scene = scene;
  }

  /** Whether the end of one child concerns others. */
  get inGroups(): boolean {
    const { strategy } = this.#scene.flags();
    return strategy === 'one_for_all' || strategy === 'rest_for_one';
  }

  /** Counts one more restart; false where that is one too many. */
  allowed(): boolean {
    const { intensity, context, flags } = this.#scene;
    return intensity.allows(context.clock.now(), flags());
  }

  /** Of a child that has ended: at once, or after its back-off. Its group is stopped meanwhile. */
  restart(child: Child): void {
    child.state = 'waiting';
    child.start = 'restart';
    const wait = this.#waitBefore(child);
    if (wait === undefined) {
      this.bringBack(child);
      return;
    }
    if (this.inGroups) this.#stopGroup(this.#groupOf(child), 'rest');
    this.#scene.life.retryAfter(child, wait, true);
  }

  /** Of a child that failed to come back. Siblings that were to be started after it are down until then. */
  tryAgain(child: Child): void {
    child.state = 'waiting';
    if (this.inGroups) this.#keepDown(child);
    this.#scene.life.retryAfter(child, this.#waitBefore(child), false);
  }

  /** Only starts that were called for stay on the agenda. */
  #keepDown(child: Child): void {
    const { agenda, rest } = this.#scene;
    const starts = agenda.starts.filter((next) => next !== child);
    agenda.startThese(starts.filter((next) => !isRestarting(next)));
    for (const sibling of starts.filter(isRestarting)) rest(sibling, 'rest');
  }

  /** Queues the start of a child that ended, after its group has been stopped and together with it. */
  bringBack(child: Child): void {
    this.#scene.agenda.holdStarts();
    if (!this.inGroups) {
      this.#scene.agenda.startLast(child);
      return;
    }
    const group = this.#groupOf(child);
    this.#stopGroup(group, 'restart');
    const wanted = new Set([...this.#scene.agenda.starts, ...group.filter(isToBeStarted)]);
    this.#scene.agenda.startThese([...this.#scene.roster].filter((one) => wanted.has(one)));
  }

  /** All that are restarted together with a child come back, whatever they were before. */
  #stopGroup(group: readonly Child[], fate: 'restart' | 'rest'): void {
    for (const sibling of group) {
      if (isLive(sibling)) sibling.fate ??= sibling.spec.restart === 'temporary' ? 'forget' : fate;
      else if (fate === 'restart') this.#awaitStart(sibling);
    }
    this.#scene.agenda.stopThese([...this.#scene.roster].filter((sibling) => sibling.fate !== undefined));
  }

  /** A temporary child is never restarted with others. One whose start was called for starts anyway, in its turn. */
  #awaitStart(child: Child): void {
    if (child.state === 'waiting' && !isRestarting(child)) return;
    if (child.spec.restart === 'temporary') {
      this.#scene.rest(child, 'forget');
      return;
    }
    this.#scene.life.cancelDeadline(child);
    child.state = 'waiting';
    child.start = 'restart';
  }

  /** Those that are restarted together with a child, itself included. */
  #groupOf(child: Child): readonly Child[] {
    return this.#scene.flags().strategy === 'one_for_all'
      ? [...this.#scene.roster]
      : this.#scene.roster.from(child);
  }

  #waitBefore(child: Child): number | undefined {
    const { backoff } = child.spec;
    if (!backoff) return undefined;
    const lived = this.#scene.context.clock.now() - child.startedAt;
    if (lived >= backoff.healthyAfter) child.backoffs = 0;
    return backoffDelay(backoff, child.backoffs++, this.#scene.context.random);
  }
}

/** Those that are starting are kept on the agenda: the next in turn waits for them. */
function isToBeStarted(child: Child): boolean {
  return child.state === 'waiting' || child.state === 'starting' || child.fate === 'restart';
}
