import {
  answer,
  type Child,
  instanceOf,
  isLive,
  newChild,
  type Started,
  type Worker,
  whichPresent,
  whyNot,
} from './model-child.ts';
import {
  type ChildPlan,
  type Flags,
  type InstancePlan,
  isRefused,
  type SupervisorPlan,
  type WorkerPlan,
} from './plan.ts';
import { RestartWindow } from './restart-waits.ts';
import type { Ending, World } from './world.ts';

/**
 * One incarnation of a supervisor, after `supervisor.erl`: each method is the function of that name there, with the
 * children in start order. It knows nothing of queues, of actors, or of turns of the event loop.
 *
 * What OTP does not have is modelled as this runtime promises it: instances with an id, waits before restarts
 * (`backoff`), a window that a healthy time empties (`healthyAfter`). One thing is ours although OTP has it: an instance
 * that ignores its restart is forgotten, where OTP keeps a record of no process that is counted as one.
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
  readonly #window = new RestartWindow();

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
    this.children = plans.map(newChild);
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
    if (present) return whichPresent(present);
    const child = newChild(plan);
    const started = this.#start(child);
    const isKept = started === 'started' || (started === 'ignored' && plan.restart !== 'temporary');
    if (isKept) this.children.push(child);
    return answer(started);
  }

  startInstance(input: string, { id, name }: InstancePlan): string {
    if (this.#template?.kind !== 'worker') return 'not-simple-one-for-one';
    const present = id === undefined ? undefined : this.find(id);
    if (present) return whichPresent(present);
    const child = newChild(instanceOf(this.#template, id ?? this.#freeId(this.#template), input, name));
    const started = this.#start(child);
    if (started === 'started') this.children.push(child);
    return answer(started);
  }

  #freeId(template: ChildPlan): string {
    const id = `${template.id}:${++this.#instancesMade}`;
    return this.find(id) ? this.#freeId(template) : id;
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
    return answer(this.#start(child));
  }

  deleteChild(id: string): string {
    if (this.#isSimple()) return 'simple-one-for-one';
    const child = this.find(id);
    if (child?.life !== undefined || !child) return whyNot(child);
    this.#forget(child);
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
    if (template?.kind !== 'worker') return;
    for (const child of this.children) {
      if (child.plan.kind !== 'worker') continue;
      child.plan = instanceOf(template, child.plan.id, child.plan.input, child.plan.name);
    }
  }

  #changeChildren(plans: readonly ChildPlan[]): void {
    const kept = this.children.filter(({ plan }) => !plans.some(({ id }) => id === plan.id));
    const changed = plans.map((plan): Child => {
      const present = this.find(plan.id) ?? newChild(plan);
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
      this.#restart(child, this.#waitBefore(child));
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

  /** Counts, then attempts. One restart too many is never attempted. */
  #restart(child: Child, wait?: number): void {
    if (!this.#window.add(this.#world.now, this.flags)) this.#giveUp(child);
    else if (wait === undefined) this.#attempt(child);
    else this.#attemptAfter(child, wait);
  }

  #giveUp(child: Child): void {
    this.#report('shutdown', child);
    this.#delChild(child);
    this.#end();
  }

  #attempt(child: Child): void {
    const failed = this.#isOneForOne() ? this.#startAlone(child) : this.#startGroupOf(child);
    if (!failed) return;
    this.#tryAgain(failed, this.#waitBefore(failed), () => this.#restart(failed));
  }

  /** Whoever is to be restarted with it is down meanwhile. */
  #attemptAfter(child: Child, wait: number): void {
    const group = this.#groupOf(child).filter((other) => other !== child && isLive(other));
    if (!this.#isOneForOne()) this.#terminateChildren(group);
    this.#tryAgain(child, wait, () => this.#attempt(child));
  }

  /** `try_again_restart`: others have their turn before, and may cancel it. */
  #tryAgain(child: Child, wait: number | undefined, again: () => void): void {
    const pending = {};
    child.life = 'restarting';
    child.pending = pending;
    const isWanted = () => this.alive && child.life === 'restarting' && child.pending === pending;
    const run = () => {
      if (isWanted()) again();
    };
    if (wait === undefined) this.#world.retries.push(run);
    else this.#world.setTimer({ due: this.#world.now + wait, isWanted, run });
  }

  #waitBefore(child: Child): number | undefined {
    return child.waits.next(child.plan.backoff, this.#world.now - child.startedAt);
  }

  #isOneForOne(): boolean {
    return this.#isSimple() || this.flags.strategy === 'one_for_one';
  }

  /** That child, and who is restarted with it. */
  #groupOf(child: Child): readonly Child[] {
    const from = this.flags.strategy === 'one_for_all' ? 0 : this.children.indexOf(child);
    return this.children.slice(from);
  }

  /** @returns the child itself where it could not be started */
  #startAlone(child: Child): Child | undefined {
    const started = this.#start(child);
    if (started === 'ignored' && this.#isSimple()) this.#forget(child);
    if (started !== 'failed') return undefined;
    this.#report('start_error', child);
    return child;
  }

  /** `restart_multiple_children`: ends all that run and starts all there are, whatever they were before. */
  #startGroupOf(child: Child): Child | undefined {
    const group = this.#groupOf(child);
    this.#terminateChildren(group);
    return this.#startChildren(group.filter((other) => this.children.includes(other)));
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
    for (const child of children.toReversed()) this.#terminate(child);
  }

  /** Only where its specification may be of use again it is kept. */
  #delChild(child: Child): void {
    child.life = undefined;
    if (child.plan.restart === 'temporary' || this.#isSimple()) this.#forget(child);
  }

  #forget(child: Child): void {
    this.children = this.children.filter((other) => other !== child);
  }

  #start(child: Child): Started {
    child.incarnation++;
    child.startedAt = this.#world.now;
    child.life = undefined;
    return child.plan.kind === 'worker'
      ? this.#startWorker(child, child.plan)
      : this.#startSupervisor(child, child.plan);
  }

  #startWorker(child: Child, plan: WorkerPlan): Started {
    const id = plan.input ?? plan.id;
    const name = plan.input === undefined ? plan.id : plan.name;
    if (name !== undefined && this.#world.names.has(name)) return this.#failed(child);
    const outcome = this.#world.outcomes.get(id)?.shift();
    if (outcome) {
      this.#world.lives.push(outcome === 'fails' ? `!${id}` : `?${id}`);
      if (outcome === 'is ignored') return 'ignored';
      this.#world.failed(id);
      return this.#failed(child);
    }
    const number = (this.#world.born.get(id) ?? 0) + 1;
    this.#world.born.set(id, number);
    this.#world.lives.push(`+${id} ${number}`);
    if (name !== undefined) this.#world.names.set(name, `${id} ${number}`);
    child.life = { id, number, name };
    child.number = number;
    return 'started';
  }

  #startSupervisor(child: Child, plan: SupervisorPlan): Started {
    const life = new ModelSupervisor(this.#world, `${this.path}/${plan.id}`, plan.flags, () => {
      if (child.life === life) this.exited(child, 'shutdown');
    });
    if (!life.init(plan.children)) return this.#failed(child);
    child.life = life;
    return 'started';
  }

  #failed(child: Child): 'failed' {
    this.#crashed(child);
    return 'failed';
  }

  #stop({ life }: Child): void {
    if (life instanceof ModelSupervisor) life.terminate();
    else if (life instanceof Object) this.#stopWorker(life);
  }

  #stopWorker({ id, number, name }: Worker): void {
    this.#world.lives.push(`-${id} ${number}`);
    if (name !== undefined) this.#world.names.delete(name);
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
