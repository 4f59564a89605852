import { type AnyActorRef, type AnyStateMachine, StateMachine } from 'xstate';
import {
  ACTIONS,
  DELAY_MS,
  GUARDS,
  implementationsOf,
  RARE_ACTIONS,
  RARE_GUARDS,
  type Tell,
} from './chart-parts.ts';
import type { ActionName, ChartPlan, NodePlan, TransitionPlan } from './chart-plan.ts';

/** A chart whose raised events raise events never comes to rest. */
const MOST_MICROSTEPS = 20;

const ALL_ACTIONS = { ...ACTIONS, ...RARE_ACTIONS };
const ALL_GUARDS = { ...GUARDS, ...RARE_GUARDS };

interface Node extends NodePlan {
  readonly index: number;
  readonly inside: Node[];
}

/** Its input is the actor that it sends messages to. The ids of its states are their places in the plan. */
export function buildChart({ nodes }: ChartPlan, tell: Tell): AnyStateMachine {
  const root = treeOf(nodes);
  if (!root) throw new Error('a chart has at least a root');
  const context = ({ input }: { input: AnyActorRef }) => ({ count: 0, last: '', probe: input });
  const options = { maxIterations: MOST_MICROSTEPS };
  const config = { ...configOf(root, nodes.length, tell), context, options };
  return new StateMachine(config, implementationsOf(tell));
}

function treeOf(plans: readonly NodePlan[]): Node | undefined {
  const nodes = plans.map((plan, index): Node => ({ ...plan, index, inside: [] }));
  for (const { index, parent } of nodes.slice(1)) {
    const node = nodes[index];
    // A final state has none inside of it.
    const around = nodes.slice(0, index).filter(({ kind, index: place }) => place === 0 || kind !== 'final');
    if (node) around[parent % around.length]?.inside.push(node);
  }
  return nodes[0];
}

type Config = AnyStateMachine['config'];

function configOf(node: Node, count: number, tell: Tell): Config {
  const { index, kind, inside, initial, tags } = node;
  const actionsOf = (names: readonly ActionName[], where: string) =>
    names.map((name) => ALL_ACTIONS[name](`${where} ${index}`, tell));
  const transitionOf = ({ on, target, reenter, guard, actions }: TransitionPlan) => ({
    ...(target !== undefined && { target: idOf(target % count) }),
    ...(guard && { guard: ALL_GUARDS[guard](tell) }),
    reenter,
    actions: actionsOf(actions, on),
  });
  const config: Config = {
    id: String(index),
    tags: [...tags],
    meta: { index },
    entry: actionsOf(node.entry, 'entry'),
    exit: actionsOf(node.exit, 'exit'),
  };
  if (kind === 'final' && index > 0) return { ...config, type: 'final' };
  const first = inside[initial % inside.length];
  const isParallel = kind === 'parallel' && inside.length > 0;
  return {
    ...config,
    ...(isParallel && { type: 'parallel' }),
    ...(first &&
      !isParallel && {
        initial: { target: String(first.index), actions: actionsOf(node.initialActions, 'initial') },
      }),
    states: Object.fromEntries(inside.map((one) => [one.index, configOf(one, count, tell)])),
    on: Object.fromEntries(
      [...Map.groupBy(node.transitions, ({ on }) => on)].map(([on, transitions]) => [
        on,
        transitions.map(transitionOf),
      ]),
    ),
    ...(node.after !== undefined && { after: { [DELAY_MS]: { target: idOf(node.after % count) } } }),
    // Without a guard it would have no end but the limit.
    ...(node.always && { always: transitionOf({ ...node.always, guard: 'params' }) }),
    ...(node.invokes && { invoke: { src: 'helper', id: `helper of ${index}` } }),
  };
}

const idOf = (index: number): string => `#${index}`;
