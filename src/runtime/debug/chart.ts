import { createHash } from 'node:crypto';
import type { AnyStateMachine, AnyTransitionDefinition } from 'xstate';
import type { Chart, ChartState, ChartTransition } from '../../core/inspect.ts';
import { actionNames, describeEvent, guardName } from './chart-names.ts';

type StateNode = AnyStateMachine['root'];

interface Drawn {
  readonly chart: Chart;
  /** The id that each of the machine's own transitions has in the chart. */
  readonly ids: ReadonlyMap<AnyTransitionDefinition, string>;
}

const drawn = new WeakMap<AnyStateMachine, Drawn>();

/** A machine as data: all of its states and transitions, in document order. Made once for each machine. */
export const chartOf = (machine: AnyStateMachine): Chart => drawnOf(machine).chart;

/** What a transition of the machine is called in its chart; undefined for the way into an initial state. */
export const transitionId = (
  machine: AnyStateMachine,
  transition: AnyTransitionDefinition,
): string | undefined => drawnOf(machine).ids.get(transition);

function drawnOf(machine: AnyStateMachine): Drawn {
  const known = drawn.get(machine);
  if (known) return known;
  const made = draw(machine);
  drawn.set(machine, made);
  return made;
}

function draw(machine: AnyStateMachine): Drawn {
  const nodes = [...nodesIn(machine.root)];
  const edges = nodes.flatMap((node) => edgesOf(node));
  const { description } = machine.root;
  const parts = {
    id: machine.id,
    ...(description !== undefined && { description }),
    states: nodes.map(stateOf),
    transitions: edges.map(({ transition }) => transition),
  };
  return {
    chart: { ...parts, hash: hashOf(parts) },
    ids: new Map(edges.map(({ definition, transition }) => [definition, transition.id])),
  };
}

function hashOf(parts: Omit<Chart, 'hash'>): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

function* nodesIn(node: StateNode): Iterable<StateNode> {
  yield node;
  for (const child of Object.values(node.states)) yield* nodesIn(child);
}

function stateOf(node: StateNode): ChartState {
  const { id, key, path, type, parent, description, tags } = node;
  return {
    id,
    key,
    path: [...path],
    type,
    parent: parent?.id ?? null,
    initial: type === 'compound' ? (node.initial.target?.[0]?.id ?? null) : null,
    ...(description !== undefined && { description }),
    invokes: node.invoke.map(({ src }) => (typeof src === 'string' ? src : 'actor')),
    entry: actionNames(node.entry),
    exit: actionNames(node.exit),
    tags: [...tags],
  };
}

interface Edge {
  readonly definition: AnyTransitionDefinition;
  readonly transition: ChartTransition;
}

function edgesOf(node: StateNode): readonly Edge[] {
  const named = [...node.transitions].flatMap(([event, definitions]) =>
    definitions.map((definition, place) => edge(node, event, definition, place)),
  );
  const always = (node.always ?? []).map((definition, place) => edge(node, '', definition, place));
  return [...named, ...always];
}

function edge(node: StateNode, event: string, definition: AnyTransitionDefinition, place: number): Edge {
  const { description } = definition;
  return {
    definition,
    transition: {
      id: `${node.id}:${event}:${place}`,
      source: node.id,
      targets: (definition.target ?? []).map(({ id }) => id),
      event,
      ...describeEvent(event, node),
      guard: definition.guard === undefined ? null : guardName(definition.guard),
      actions: actionNames(definition.actions),
      ...(description !== undefined && { description }),
    },
  };
}
