import {
  type ChildPlan,
  type Flags,
  isRefused,
  PERIOD_S,
  type SupervisorPlan,
  type WorkerPlan,
} from './plan.ts';
import type { Ending, World } from './world.ts';

/** A record of a child, as in OTP's `#child{}`. */
export interface Child {
  plan: ChildPlan;
  incarnation: number;
  life: Worker | ModelSupervisor | 'restarting' | undefined;
  /** Of its last life as a worker, by which an instance is known while the next one is awaited. */
  number?: number;
}

interface Worker {
  readonly id: string;
  /** Counted over all supervisors. */
  readonly number: number;
}

export type Started = 'started' | 'ignored' | 'failed';

/**
 * One incarnation of a supervisor, after `supervisor.erl`: each method is the function of that name there, with the
 * children in start order. It knows nothing of queues, of actors, or of turns of the event loop.
 *
 * It is as this runtime is, not as OTP is, in four things: a restart is counted, and its siblings are stopped, as soon
 * as it is known to be needed, not when it is tried again; siblings that were stopped before stay so (OTP starts all
 * of the group); a temporary child that ignores `restartChild` is forgotten; and a start that was asked for and
 * failed is reported.
 */
export class ModelSupervisor {
  flags: Flags;
  children: Child[] = [];
  alive = false;
  /** Of the instances of a `simple_one_for_one` supervisor, which are its only children. */
  #template: ChildPlan | undefined;
  #instancesMade = 0;
  readonly path: string;
  readonly #world: World;
  /** Tells the one above that this one ended by itself. */
  readonly #exit: () => void;
  #restarts: number[] = [];

  constructor(world: World, path: string, flags: Flags, exit: () => void) {
    this.#world = world;
    this.path = path;
    this.flags = flags;
    this.#exit = exit;
  }

  find(id: string): Child | undefined {
    return this.children.find(({ plan }) => plan.id === id);
  }

  /** `init_children`: all or none. */
  init(plans: readonly ChildPlan[]): boolean {
    this.alive = true;
    if (this.#isSimple()) {
      this.#template = plans[0];
      return true;
    }
    this.children = plans.map((plan) => ({ plan, incarnation: 0, life: undefined }));
    const failed = this.#startChildren(this.children);
    if (failed) this.terminate();
    return failed === undefined;
  }

  /** Ends its children, the last one first. */
  terminate(): void {
    this.alive = false;
    this.#terminateChildren(this.children);
  }

  // Requests

  startChild(plan: ChildPlan): string {
    if (isRefused(plan, this.flags.autoShutdown)) return 'invalid-spec';
    if (this.#isSimple()) return 'simple-one-for-one';
    const present = this.find(plan.id);
    if (present) return isLive(present) ? 'already-started' : 'already-present';
    const child: Child = { plan, incarnation: 0, life: undefined };
    const started = this.#start(child);
    if (started === 'failed') return this.#startFailed(child);
    if (started === 'started' || plan.restart !== 'temporary') this.children.push(child);
    return started;
  }

  startInstance(input: string): string {
    if (this.#template?.kind !== 'worker') return 'not-simple-one-for-one';
    const plan = { ...this.#template, id: `${this.#template.id}:${++this.#instancesMade}`, input };
    const child: Child = { plan, incarnation: 0, life: undefined };
    const started = this.#start(child);
    if (started === 'started') this.children.push(child);
    return started === 'failed' ? this.#startFailed(child) : started;
  }

  terminateChild(id: string): string {
    if (this.#isSimple()) return 'simple-one-for-one';
    const child = this.find(id);
    if (!child) return 'not-found';
    this.#terminate(child);
    return 'ok';
  }

  /** @param child undefined where there is none that has, or last had, the reference that is meant */
  terminateInstance(child: Child | undefined): string {
    if (!this.#isSimple()) return 'not-simple-one-for-one';
    if (child) this.#terminate(child);
    return 'ok';
  }

  #terminate(child: Child): void {
    this.#stop(child);
    this.#delChild(child);
  }

  restartChild(id: string): string {
    if (this.#isSimple()) return 'simple-one-for-one';
    const child = this.find(id);
    if (child?.life !== undefined || !child) return whyNot(child);
    const started = this.#start(child);
    if (started === 'ignored') this.#delChild(child);
    return started === 'failed' ? this.#startFailed(child) : started;
  }

  /** Told, although OTP leaves that to whoever called. */
  #startFailed(child: Child): string {
    this.#report('start_error', child);
    return 'start-failed';
  }

  deleteChild(id: string): string {
    if (this.#isSimple()) return 'simple-one-for-one';
    const child = this.find(id);
    if (child?.life !== undefined || !child) return whyNot(child);
    this.children = this.children.filter((other) => other !== child);
    return 'ok';
  }

  /** `code_change`: who is known keeps its life, who is new does not run, who is gone goes on after the others. */
  reconfigure(flags: Flags, plans: readonly ChildPlan[]): string {
    if (plans.some((plan) => isRefused(plan, flags.autoShutdown))) return 'invalid-spec';
    if ((flags.strategy === 'simple_one_for_one') !== this.#isSimple()) return 'invalid-spec';
    this.flags = flags;
    if (this.#isSimple()) this.#changeTemplate(plans[0]);
    else this.#changeChildren(plans);
    return 'ok';
  }

  #changeTemplate(template: ChildPlan | undefined): void {
    this.#template = template;
    for (const child of this.children) {
      if (template?.kind === 'worker') child.plan = { ...child.plan, ...template, id: child.plan.id };
    }
  }

  #changeChildren(plans: readonly ChildPlan[]): void {
    const kept = this.children.filter(({ plan }) => !plans.some(({ id }) => id === plan.id));
    const changed = plans.map((plan): Child => {
      const present = this.find(plan.id) ?? { plan, incarnation: 0, life: undefined };
      present.plan = plan;
      return present;
    });
    this.children = [...changed, ...kept];
  }

  // Exits

  /** `do_restart`: a child ended by itself. */
  exited(child: Child, ending: Ending): void {
    const again =
      child.plan.restart === 'permanent' || (child.plan.restart === 'transient' && ending === 'error');
    if (again || ending === 'error') this.#report('child_terminated', child);
    if (again) {
      child.life = undefined;
      this.#restart(child);
      return;
    }
    this.#delChild(child);
    if (child.plan.significant && this.#mayEnd()) this.#end();
  }

  #mayEnd(): boolean {
    if (this.flags.autoShutdown === 'never') return false;
    const left = this.children.some(({ plan, life }) => plan.significant && life !== undefined);
    return this.flags.autoShutdown === 'any_significant' || !left;
  }

  /** What is one restart too many is never tried. */
  #restart(child: Child): void {
    if (!this.#addRestart()) {
      this.#report('shutdown', child);
      this.#delChild(child);
      this.#end();
      return;
    }
    child.life = 'restarting';
    const group = this.#groupOf(child).filter((other) => other !== child && other.life !== undefined);
    this.#terminateChildren(group);
    for (const other of group) other.life = 'restarting';
    this.#world.retries.push(() => this.#tryAgain());
  }

  /** `try_again_restart`. Others had their turn meanwhile, and may have cancelled some of it. */
  #tryAgain(): void {
    if (!this.alive) return;
    const failed = this.#startChildren(this.children.filter(({ life }) => life === 'restarting'));
    if (failed) this.#restart(failed);
  }

  /** That child, and who is restarted with it. */
  #groupOf(child: Child): readonly Child[] {
    const { strategy } = this.flags;
    if (strategy === 'one_for_all') return this.children;
    return strategy === 'rest_for_one' ? this.children.slice(this.children.indexOf(child)) : [child];
  }

  /** The window is OTP's: inclusive, one for all children. */
  #addRestart(): boolean {
    const since = this.#world.now - PERIOD_S * 1000;
    this.#restarts = [...this.#restarts, this.#world.now].filter((at) => at >= since);
    return this.#restarts.length <= this.flags.intensity;
  }

  // Children

  /** @returns the child that could not be started; those behind it were not tried */
  #startChildren(children: readonly Child[]): Child | undefined {
    for (const child of children) {
      const started = this.#start(child);
      if (started === 'ignored') this.#delChild(child);
      if (started !== 'failed') continue;
      this.#report('start_error', child);
      return child;
    }
    return undefined;
  }

  #terminateChildren(children: readonly Child[]): void {
    for (const child of children.toReversed()) {
      this.#terminate(child);
    }
  }

  /** Only where its specification may be of use again it is kept. */
  #delChild(child: Child): void {
    child.life = undefined;
    if (child.plan.restart === 'temporary' || this.#isSimple())
      this.children = this.children.filter((other) => other !== child);
  }

  #start(child: Child): Started {
    child.incarnation++;
    return child.plan.kind === 'worker'
      ? this.#startWorker(child, child.plan)
      : this.#startSupervisor(child, child.plan);
  }

  #startWorker(child: Child, plan: WorkerPlan): Started {
    child.life = undefined;
    const id = plan.input ?? plan.id;
    const outcome = this.#world.outcomes.get(id)?.shift();
    if (outcome) {
      this.#world.lives.push(outcome === 'fails' ? `!${id}` : `?${id}`);
      if (outcome === 'is ignored') return 'ignored';
      this.#crashed(child);
      this.#world.failed(id);
      return 'failed';
    }
    const number = (this.#world.born.get(id) ?? 0) + 1;
    this.#world.born.set(id, number);
    this.#world.lives.push(`+${id} ${number}`);
    child.life = { id, number };
    child.number = number;
    return 'started';
  }

  #startSupervisor(child: Child, plan: SupervisorPlan): Started {
    const life = new ModelSupervisor(this.#world, `${this.path}/${plan.id}`, plan.flags, () => {
      if (child.life === life) this.exited(child, 'shutdown');
    });
    child.life = undefined;
    if (!life.init(plan.children)) {
      this.#crashed(child);
      return 'failed';
    }
    child.life = life;
    return 'started';
  }

  #stop({ life }: Child): void {
    if (life instanceof ModelSupervisor) life.terminate();
    else if (life instanceof Object) this.#world.lives.push(`-${life.id} ${life.number}`);
  }

  #isSimple(): boolean {
    return this.flags.strategy === 'simple_one_for_one';
  }

  #end(): void {
    this.terminate();
    this.#exit();
  }

  // Workers

  /** A worker ends by itself. */
  workerEnds(child: Child, ending: Ending): void {
    this.#stop(child);
    if (ending === 'error') this.#crashed(child);
    this.exited(child, ending);
  }

  #crashed({ plan, incarnation }: Child): void {
    this.#world.reports.push(`crash ${this.path}/${plan.id}#${incarnation}`);
  }

  #report(context: string, { plan, incarnation }: Child): void {
    this.#world.reports.push(`${context} ${this.path}/${plan.id}#${incarnation}`);
  }
}

function isLive({ life }: Child): boolean {
  return life !== undefined && life !== 'restarting';
}

function whyNot(child: Child | undefined): string {
  if (!child) return 'not-found';
  return isLive(child) ? 'running' : 'restarting';
}
