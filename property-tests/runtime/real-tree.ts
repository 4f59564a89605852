import { isDeepStrictEqual } from 'node:util';
import {
  type AnyActorRef,
  createActor,
  type EventObject,
  fromCallback,
  type InspectionEvent,
  SimulatedClock,
} from 'xstate';
import type { TreeNode } from '../../src/core/tree.ts';
import {
  type ActorSystemHandle,
  type ChildInfo,
  countChildren,
  deleteChild,
  type ExitReason,
  type RuntimeReport,
  reconfigure,
  restartChild,
  startChild,
  startInstance,
  startSystem,
  supervisor,
  terminateChild,
  terminateInstance,
  whichChildren,
} from '../../src/runtime/index.ts';
import { macrotask } from '../../src/runtime/test-doubles.ts';
import { type Call, type Command, interruptingCall, type Life, type Site } from './command.ts';
import type { ChildView, Observation, SupervisorView } from './observation.ts';
import { INNER_WORKERS, INSTANCE_NAMES, PERIOD_S, POOL_WORKERS, type SupervisorPlan } from './plan.ts';
import { optionsOf, Recorder, type SubjectEvent, specOf } from './subject.ts';
import type { Ending } from './world.ts';

/** What follows from a command takes a few event-loop turns for each start and stop. This is far more. */
const MOST_TURNS = 300;

export interface TimedReport {
  /** Milliseconds. */
  readonly at: number;
  readonly report: RuntimeReport;
}

type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: { readonly kind: string } };

/** The same tree as a model's, of real supervisors. */
export class RealTree {
  readonly recorder = new Recorder();
  readonly reports: TimedReport[] = [];
  readonly #clock = new SimulatedClock();
  readonly #answers: string[] = [];
  /** The last incarnations of the supervisors, dead or alive. */
  readonly #supervisors = new Map<Site, AnyActorRef>();
  /** All that supervisors were told of exits. */
  readonly #exits: EventObject[] = [];
  /** A dead actor that was never anybody's child. */
  readonly #nobody = createActor(fromCallback(() => {}))
    .start()
    .stop();
  #system: ActorSystemHandle | undefined;
  /** Calls without an answer. */
  #open = 0;
  /** Set once the root has ended. */
  exit: ExitReason | undefined;

  async start(rootIntensity: number, pool: SupervisorPlan): Promise<void> {
    const children = [specOf(this.recorder, pool)];
    const root = supervisor({ intensity: rootIntensity, period: PERIOD_S, children });
    this.#system = await startSystem(root, {
      clock: this.#clock,
      onReport: (report) => this.reports.push({ at: this.#clock.now(), report }),
      inspect: (event) => this.#inspect(event),
    });
    this.#system.exited.then((reason) => {
      this.exit = reason;
    });
  }

  tree(): TreeNode | undefined {
    return this.#system?.tree();
  }

  /** Begins what the command asks for. `reached` tells when all that follows has happened. */
  perform(command: Command): void {
    switch (command.do) {
      case 'end':
        this.#end(command.life, command.ending);
        break;
      case 'interrupt':
        this.#interrupt(command);
        break;
      case 'spoil':
        this.recorder.outcomes.set(command.id, [...command.outcomes]);
        break;
      case 'wait':
        this.#clock.increment(command.ms);
        break;
      case 'send':
        this.#send(command);
        break;
      case 'echo':
        this.#echo(command);
        break;
      default:
        this.#call(command);
    }
  }

  stop(): void {
    this.#system?.stop();
  }

  /** Gives the tree its turns until it is seen like that, or clearly will not be. */
  async reached(expected: Observation): Promise<void> {
    await macrotask();
    for (let turn = 0; turn < MOST_TURNS && !this.#isLike(expected); turn++) await macrotask();
    this.recorder.onFailure = () => {};
  }

  observe(): Observation {
    return {
      lives: this.recorder.lives,
      reports: this.reports.flatMap(({ report }) => lineOf(report)),
      answers: this.#answers,
      pool: viewOf(this.#supervisor('pool')),
      names: this.#names(),
    };
  }

  #isLike(expected: Observation): boolean {
    const { lives, unheard } = this.recorder;
    if (this.#open > 0 || unheard.size > 0 || lives.length < expected.lives.length) return false;
    return isDeepStrictEqual(this.observe(), expected);
  }

  #call(call: Call): void {
    this.#open++;
    this.#ask(call).then((answer) => {
      this.#open--;
      this.#answers.push(answer.ok ? success(answer.value) : answer.error.kind);
    });
  }

  #ask(call: Call): Promise<Answer> {
    this.#supervisor('pool');
    const live = this.#supervisor(call.at);
    if (!live) return this.#askTheDead(call.at);
    switch (call.do) {
      case 'start':
        return startChild(live, specOf(this.recorder, call.plan));
      case 'terminate':
        return terminateChild(live, call.id);
      case 'restart':
        return restartChild(live, call.id);
      case 'delete':
        return deleteChild(live, call.id);
      case 'startInstance':
        return startInstance(live, call.input, call.as);
      case 'terminateInstance':
        return terminateInstance(live, this.recorder.find(call.life) ?? this.#nobody);
      case 'reconfigure':
        return this.#reconfigure(live, call);
    }
  }

  #askTheDead(site: Site): Promise<Answer> {
    const dead = this.#supervisors.get(site);
    return dead ? deleteChild(dead, 'a') : Promise.resolve({ ok: false, error: { kind: 'noproc' } });
  }

  /** A supervisor's options are checked where they are made, which for the model is part of the call. */
  async #reconfigure(live: AnyActorRef, call: Extract<Call, { do: 'reconfigure' }>): Promise<Answer> {
    return reconfigure(live, optionsOf(this.recorder, call.flags, call.children));
  }

  #interrupt(command: Extract<Command, { do: 'interrupt' }>): void {
    const { life, failures } = command;
    this.recorder.outcomes.set(
      life.id,
      Array.from({ length: failures }, () => 'fails'),
    );
    let left = failures;
    this.recorder.onFailure = (failed) => {
      if (failed === life.id && --left === 0) queueMicrotask(() => this.#call(interruptingCall(command)));
    };
    this.#end(life, 'error');
  }

  #end(life: Life, ending: Ending): void {
    const ref = this.recorder.find(life);
    if (ref && this.recorder.isLive(ref)) ref.send({ type: 'end', ending });
  }

  #send({ life, crash }: Extract<Command, { do: 'send' }>): void {
    const ref = this.recorder.find(life);
    if (!ref) return;
    const event: SubjectEvent =
      crash && !this.recorder.isLive(ref) ? { type: 'end', ending: 'error' } : { type: 'note' };
    ref.send(event);
  }

  #echo({ at, back }: Extract<Command, { do: 'echo' }>): void {
    const event = this.#exits.at(-1 - back);
    if (event) this.#supervisor(at)?.send(event);
  }

  #inspect(seen: InspectionEvent): void {
    if (seen.type !== '@xstate.event' || seen.event.type !== 'supervisor.exited') return;
    if (!this.#exits.includes(seen.event)) this.#exits.push(seen.event);
  }

  #supervisor(site: Site): AnyActorRef | undefined {
    const live = this.#system?.whereis(site);
    if (live) this.#supervisors.set(site, live);
    return live;
  }

  #names(): Readonly<Record<string, string>> {
    const held = [...POOL_WORKERS, ...INNER_WORKERS, ...INSTANCE_NAMES].flatMap((name) => {
      const ref = this.#system?.whereis(name);
      return ref ? [[name, this.recorder.lifeOf(ref)] as const] : [];
    });
    return Object.fromEntries(held);
  }
}

function success(value: unknown): string {
  if (!(value instanceof Object && 'ref' in value)) return 'ok';
  return value.ref ? 'started' : 'ignored';
}

function viewOf(ref: AnyActorRef | undefined): SupervisorView | undefined {
  if (!ref) return undefined;
  const { specs, active, supervisors, workers } = countChildren(ref);
  return {
    incarnation: incarnationOf(ref),
    children: whichChildren(ref).map(childView).reverse(),
    counts: [specs, active, supervisors, workers],
  };
}

function childView({ id, child, type }: ChildInfo): ChildView {
  if (child === 'restarting') return { id, state: child };
  if (!child) return { id, state: 'stopped' };
  return { id, state: (type === 'supervisor' && viewOf(child)) || incarnationOf(child) };
}

/** The part after `#` of an actor's id. */
function incarnationOf({ id }: AnyActorRef): number {
  return Number(id.slice(id.lastIndexOf('#') + 1));
}

function lineOf(report: RuntimeReport): readonly string[] {
  if (report.type === 'supervisor_report') {
    const { path, incarnation } = report.offender;
    return [`${report.errorContext} ${path}#${incarnation}`];
  }
  if (report.type === 'crash_report') return [`crash ${report.actor}#${report.incarnation}`];
  if (report.type === 'dead_letter') return ['dead letter'];
  return report.type === 'listener_error' ? [report.error.message] : [];
}
