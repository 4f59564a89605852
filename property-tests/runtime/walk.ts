import { isDeepStrictEqual } from 'node:util';
import type {
  AnyMachineSnapshot,
  AnyStateMachine,
  AnyTransitionDefinition,
  EventObject,
  InputFrom,
  SnapshotFrom,
} from 'xstate';
import { getInitialMicrosteps, getMicrosteps, getNextTransitions } from 'xstate';
import { adjacencyMapToArray, getAdjacencyMap, getStateNodes } from 'xstate/graph';
import { pureTransition, withCompiledStep } from '../../src/runtime/xstate/index.ts';
import { plain } from '../step/plain.ts';

/** What a statechart needs from outside to be walked in every way. */
export interface WalkOptions<M extends AnyStateMachine> {
  readonly input: InputFrom<M>;
  /**
   * The part of the context that decides what can happen next, as JSON: all that the guards read, with counts and
   * lists cut to the few values that make a difference. Snapshots of one state with one abstraction are one
   * configuration, and only the first of them that is found is walked on from.
   */
  readonly abstraction: (context: SnapshotFrom<M>['context']) => unknown;
  /** What others may send it now. Its timers, and the ends of the actors it invokes, are added to these. */
  readonly events: (snapshot: SnapshotFrom<M>) => readonly EventObject[];
  /** What an invoked actor may come back with, by the name of its logic. Default: undefined. */
  readonly outputs?: Readonly<Record<string, readonly unknown[]>>;
  /** Events that it cannot count on: it must find its end without them, and without a failure. */
  readonly unrequested: readonly string[];
  /** States in which it may stay for ever, beside the final ones. */
  readonly idle?: readonly string[];
  /** What holds in every configuration, by the sentence that says so. */
  readonly invariants?: Readonly<Record<string, (snapshot: SnapshotFrom<M>) => boolean>>;
}

/** A machine and the way to walk it. */
export interface MachineWalk {
  readonly machine: AnyStateMachine;
  walk(): Findings;
}

/** What is wrong with a machine; each entry is one line for people. */
export interface Findings {
  readonly configurations: number;
  /** States it declares and never enters. */
  readonly unreachable: readonly string[];
  /** Transitions it declares and never takes. */
  readonly untaken: readonly string[];
  /** Events of the walk that no state takes. */
  readonly ignored: readonly string[];
  /** Configurations that nothing leads out of, though the machine may not stay there. */
  readonly deadEnds: readonly string[];
  /** Configurations from which it cannot come to its end, unless by what it cannot count on. */
  readonly endless: readonly string[];
  /** Invariants that do not hold, and where. */
  readonly broken: readonly string[];
  /** Events that lead the compiled step of supervised machines elsewhere than XState, or in another way. */
  readonly diverging: readonly string[];
}

/** More than that many steps mean that something that grows without bounds was left in the abstraction. */
const MOST_STEPS = 100_000;

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly event: EventObject;
  readonly state: AnyMachineSnapshot;
}

interface Graph {
  readonly configurations: ReadonlyMap<string, AnyMachineSnapshot>;
  readonly edges: readonly Edge[];
}

export function walkOf<M extends AnyStateMachine>(machine: M, options: WalkOptions<M>): MachineWalk {
  return {
    machine,
    walk() {
      const graph = explore(machine, options);
      return {
        configurations: graph.configurations.size,
        unreachable: unreachable(machine, options.input, graph),
        untaken: untaken(machine, graph),
        ignored: ignored(machine, graph),
        ...ends(graph, options),
        broken: broken(graph, options),
        diverging: diverging(machine, graph),
      };
    },
  };
}

function explore<M extends AnyStateMachine>(machine: M, options: WalkOptions<M>): Graph {
  const keyOf = ({ value, context }: AnyMachineSnapshot): string =>
    `${JSON.stringify(value)} ${JSON.stringify(options.abstraction(context))}`;
  const map = getAdjacencyMap<AnyMachineSnapshot, EventObject, InputFrom<M>>(machine, {
    input: options.input,
    serializeState: keyOf,
    limit: MOST_STEPS,
    events: (state) => {
      if (state.status !== 'active') return [];
      return [...options.events(ofMachine<M>(state)), ...ownEvents(state, options)];
    },
  });
  return {
    configurations: new Map(Object.entries(map).map(([key, { state }]) => [key, state])),
    edges: adjacencyMapToArray(map).map(({ state, event, nextState }) => ({
      from: keyOf(state),
      to: keyOf(nextState),
      event,
      state,
    })),
  };
}

/** Every snapshot of the graph is one of this machine; its type is lost on the way through `AnyStateMachine`. */
function ofMachine<M extends AnyStateMachine>(snapshot: AnyMachineSnapshot): SnapshotFrom<M> {
  return snapshot as SnapshotFrom<M>;
}

// Events

/** What it brings upon itself in this state: its timers, and the ends of what it has invoked. */
function ownEvents<M extends AnyStateMachine>(
  snapshot: AnyMachineSnapshot,
  { outputs }: WalkOptions<M>,
): readonly EventObject[] {
  return distinct(getNextTransitions(snapshot), ({ eventType }) => eventType).flatMap((transition) => {
    const type = transition.eventType;
    const invoked = transition.source.invoke.find(({ id }) => type.endsWith(`.actor.${id}`));
    if (type.startsWith('xstate.after.')) return [{ type }];
    if (!invoked) return [];
    if (type.startsWith('xstate.error.')) return [{ type, error: new Error('failed'), actorId: invoked.id }];
    const results = outputs?.[String(invoked.src)] ?? [undefined];
    return results.map((output) => ({ type, output, actorId: invoked.id }));
  });
}

function distinct<T>(items: readonly T[], by: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [by(item), item])).values()];
}

// What is declared, and what was met

/** States that are only passed through count as entered: microsteps are looked at, too. */
function unreachable<M extends AnyStateMachine>(
  machine: M,
  input: InputFrom<M>,
  { edges }: Graph,
): readonly string[] {
  const first: readonly (readonly [AnyMachineSnapshot, unknown])[] = getInitialMicrosteps(machine, input);
  const later = edges.flatMap(({ state, event }) => getMicrosteps<AnyStateMachine>(machine, state, event));
  const met = new Set([...first, ...later].map(([snapshot]) => snapshot));
  const values = distinct([...met], ({ value }) => JSON.stringify(value));
  return getStateNodes(machine)
    .filter(({ path }) => !values.some((snapshot) => snapshot.matches(stateValueAt(path))))
    .map(({ id }) => id);
}

function stateValueAt([first = '', ...rest]: readonly string[]): string | Record<string, unknown> {
  return rest.length === 0 ? first : { [first]: stateValueAt(rest) };
}

function untaken(machine: AnyStateMachine, { edges }: Graph): readonly string[] {
  const taken = new Set(edges.flatMap(({ state, event }) => machine.getTransitionData(state, event)));
  return [machine.root, ...getStateNodes(machine)]
    .flatMap(({ transitions }) => [...transitions.values()].flat())
    .filter((transition) => transition.eventType !== '' && !taken.has(transition))
    .map(describe);
}

function describe({ source, eventType, guard, target }: AnyTransitionDefinition): string {
  const condition = typeof guard === 'string' ? ` [${guard}]` : '';
  const targets = target?.map(({ id }) => id).join(', ') ?? 'itself';
  return `${source.id}: ${eventType}${condition} to ${targets}`;
}

function ignored(machine: AnyStateMachine, { edges }: Graph): readonly string[] {
  const types = new Set(edges.map(({ event }) => event.type));
  for (const { state, event } of edges) {
    if (machine.getTransitionData(state, event).length > 0) types.delete(event.type);
  }
  return [...types];
}

// Ends

function ends<M extends AnyStateMachine>(
  { configurations, edges }: Graph,
  { idle = [], unrequested }: WalkOptions<M>,
): Pick<Findings, 'deadEnds' | 'endless'> {
  const atRest = (key: string): boolean => {
    const snapshot = configurations.get(key);
    return snapshot?.status === 'done' || idle.some((state) => snapshot?.matches(state));
  };
  const all = [...configurations.keys()];
  const leads = new Set(edges.filter(({ from, to }) => from !== to).map(({ from }) => from));
  const ending = backwards(
    all.filter(atRest),
    edges.filter(({ event: { type } }) => !unrequested.includes(type) && !type.startsWith('xstate.error.')),
  );
  return {
    deadEnds: all.filter((key) => !leads.has(key) && !atRest(key)),
    endless: all.filter((key) => !ending.has(key)),
  };
}

/** Every configuration from which these edges lead to one of the targets. */
function backwards(targets: readonly string[], edges: readonly Edge[]): ReadonlySet<string> {
  const before = Map.groupBy(edges, ({ to }) => to);
  const found = new Set(targets);
  for (const key of found) for (const { from } of before.get(key) ?? []) found.add(from);
  return found;
}

function broken<M extends AnyStateMachine>(
  { configurations }: Graph,
  { invariants = {} }: WalkOptions<M>,
): readonly string[] {
  return Object.entries(invariants).flatMap(([sentence, holds]) =>
    [...configurations]
      .filter(([, snapshot]) => !holds(ofMachine<M>(snapshot)))
      .map(([key]) => `${sentence}: not in ${key}`),
  );
}

// The compiled step

function diverging(machine: AnyStateMachine, { edges }: Graph): readonly string[] {
  const compiled = withCompiledStep(machine);
  const stepOf = (one: AnyStateMachine, { state, event }: Edge): unknown => {
    const [next, actions] = pureTransition(one, state, event);
    return plain({ next, actions: actions.map(({ type, params, info }) => [type, params, info.context]) });
  };
  return edges
    .filter((edge) => !isDeepStrictEqual(stepOf(compiled, edge), stepOf(machine, edge)))
    .map(({ from, event }) => `${event.type} in ${from}`);
}
