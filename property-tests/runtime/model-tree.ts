import { type Call, type Command, interruptingCall, type Life, type Site, siteOf } from './command.ts';
import { ModelSupervisor } from './model.ts';
import type { Child } from './model-child.ts';
import type { ChildView, Observation, SupervisorView } from './observation.ts';
import type { SupervisorPlan } from './plan.ts';
import { type Ending, World } from './world.ts';

/** A root with the pool below it, as they ought to behave. */
export class ModelTree {
  readonly #world = new World();
  readonly #root: ModelSupervisor;
  readonly #answers: string[] = [];
  /** The root has given up. */
  ended = false;

  constructor(rootIntensity: number, pool: SupervisorPlan) {
    const flags = { strategy: 'one_for_one', intensity: rootIntensity, autoShutdown: 'never' } as const;
    this.#root = new ModelSupervisor(this.#world, 'root', { ...flags, healthyAfter: undefined }, () => {
      this.ended = true;
    });
    this.#root.init([pool]);
  }

  /** Two things are due at the same instant: which comes first is nobody's promise. */
  get isAmbiguous(): boolean {
    return this.#world.nextDue.length > 1;
  }

  /** A wait is cut where something falls due, so that nothing happens later than it ought to. */
  *stepsOf(command: Command): Iterable<Command> {
    if (command.do !== 'wait') yield command;
    else yield* this.#waits(command.ms);
  }

  *#waits(ms: number): Iterable<Command> {
    for (let left = ms; left > 0; ) {
      const due = this.#world.nextDue[0]?.due ?? Number.POSITIVE_INFINITY;
      const step = Math.min(left, due - this.#world.now);
      yield { do: 'wait', ms: step };
      left -= step;
    }
  }

  perform(command: Command): void {
    this.#begin(command);
    this.#world.settle();
    this.#world.interruption = undefined;
  }

  stop(): void {
    this.#root.terminate();
  }

  observe(): Observation {
    const { lives, reports } = this.#world;
    const pool = this.#root.find('pool');
    return {
      lives,
      reports,
      answers: this.#answers,
      pool: pool?.life instanceof ModelSupervisor ? viewOf(pool, pool.life) : undefined,
      names: Object.fromEntries(this.#world.names),
    };
  }

  #begin(command: Command): void {
    switch (command.do) {
      case 'end':
        this.#end(command.life, command.ending);
        break;
      case 'interrupt':
        this.#interrupt(command);
        break;
      case 'spoil':
        this.#world.outcomes.set(command.id, [...command.outcomes]);
        break;
      case 'wait':
        this.#world.wait(command.ms);
        break;
      case 'send':
        this.#send(command.life);
        break;
      case 'echo':
        break;
      default:
        this.#answers.push(this.#call(command));
    }
  }

  #call(call: Call): string {
    const supervisor = this.#supervisor(call.at);
    if (!supervisor) return 'noproc';
    switch (call.do) {
      case 'start':
        return supervisor.startChild(call.plan);
      case 'terminate':
        return supervisor.terminateChild(call.id);
      case 'restart':
        return supervisor.restartChild(call.id);
      case 'delete':
        return supervisor.deleteChild(call.id);
      case 'startInstance':
        return supervisor.startInstance(call.input, call.as);
      case 'terminateInstance':
        return supervisor.terminateInstance(this.#child(call.life));
      case 'reconfigure':
        return supervisor.reconfigure(call.flags, call.children);
    }
  }

  #end(life: Life, ending: Ending): void {
    const child = this.#child(life);
    if (child && isWorker(child.life)) this.#supervisor(siteOf(life.id))?.workerEnds(child, ending);
  }

  #interrupt(command: Extract<Command, { do: 'interrupt' }>): void {
    const { life, failures } = command;
    this.#world.outcomes.set(
      life.id,
      Array.from({ length: failures }, () => 'fails'),
    );
    this.#world.interruption = {
      id: life.id,
      failures,
      run: () => this.#answers.push(this.#call(interruptingCall(command))),
    };
    this.#end(life, 'error');
  }

  #send(life: Life): void {
    const number = this.#number(life);
    if (isWorker(this.#child(life)?.life)) this.#world.lives.push(`${life.id} ${number} heard`);
    else if (number > 0) this.#world.reports.push('dead letter');
  }

  #number({ id, before }: Life): number {
    return (this.#world.born.get(id) ?? 0) - before;
  }

  /** The child that has that life, or had it last. */
  #child(life: Life): Child | undefined {
    const number = this.#number(life);
    return this.#supervisor(siteOf(life.id))?.children.find(
      ({ plan, number: last }) =>
        plan.kind === 'worker' && (plan.input ?? plan.id) === life.id && last === number,
    );
  }

  #supervisor(site: Site): ModelSupervisor | undefined {
    const pool = supervisorIn(this.#root.find('pool'));
    return site === 'pool' ? pool : supervisorIn(pool?.find(site));
  }
}

function supervisorIn(child: Child | undefined): ModelSupervisor | undefined {
  return child?.life instanceof ModelSupervisor ? child.life : undefined;
}

function isWorker(life: Child['life']): life is Extract<Child['life'], { number: number }> {
  return life instanceof Object && 'number' in life;
}

function viewOf({ incarnation }: Child, { children, flags }: ModelSupervisor): SupervisorView {
  const supervisors = children.filter(({ plan }) => plan.kind === 'supervisor').length;
  const active = children.filter(({ life }) => life instanceof Object).length;
  return {
    incarnation,
    children: children.map((child): ChildView => ({ id: child.plan.id, state: stateOf(child) })),
    counts: [
      flags.strategy === 'simple_one_for_one' ? 1 : children.length,
      active,
      supervisors,
      children.length - supervisors,
    ],
  };
}

function stateOf(child: Child): ChildView['state'] {
  if (child.life instanceof ModelSupervisor) return viewOf(child, child.life);
  if (child.life === 'restarting') return 'restarting';
  return child.life ? child.incarnation : 'stopped';
}
