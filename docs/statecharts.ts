import { readFileSync, writeFileSync } from 'node:fs';
import type { AnyStateMachine } from 'xstate';
import { circuitBreakerMachine } from '../machines/circuit-breaker.ts';
import { consolidatorMachine } from '../machines/consolidator.ts';
import { httpExchangeMachine } from '../machines/http-exchange.ts';
import { memoryIndexerMachine } from '../machines/memory-indexer.ts';
import { modelCallMachine } from '../machines/model-call.ts';
import { sandboxCallMachine } from '../machines/sandbox-call.ts';
import { sessionMachine } from '../machines/session.ts';
import { turnMachine } from '../machines/turn.ts';

/**
 * Draws every statechart into `statecharts.md`, from the machines that run.
 *
 * Usage: node docs/statecharts.ts [--check]   (--check: fail where the drawing is not up to date)
 */

interface Chart {
  readonly title: string;
  readonly about: string;
  readonly machine: AnyStateMachine;
}

const CHARTS: readonly Chart[] = [
  {
    title: 'Session',
    about: 'One conversation that is awake (`machines/session.ts`).',
    machine: sessionMachine,
  },
  { title: 'Turn', about: 'From the message to the reply (`machines/turn.ts`).', machine: turnMachine },
  {
    title: 'Model call',
    about: 'One request and the models that it may go to (`machines/model-call.ts`).',
    machine: modelCallMachine,
  },
  {
    title: 'Circuit breaker',
    about: 'Whether a model is worth asking (`machines/circuit-breaker.ts`).',
    machine: circuitBreakerMachine,
  },
  {
    title: 'Sandbox call',
    about: 'One call of a WebAssembly tool (`machines/sandbox-call.ts`).',
    machine: sandboxCallMachine,
  },
  {
    title: 'HTTP exchange',
    about: 'One HTTP request of a guest (`machines/http-exchange.ts`).',
    machine: httpExchangeMachine,
  },
  {
    title: 'Consolidator',
    about: 'When memory is tidied, and in which order (`machines/consolidator.ts`).',
    machine: consolidatorMachine,
  },
  {
    title: 'Memory indexer',
    about: 'Keeps the vectors of memory up (`machines/memory-indexer.ts`).',
    machine: memoryIndexerMachine,
  },
];

const FILE = new URL('./statecharts.md', import.meta.url);

type StateNode = AnyStateMachine['root'];

export function drawCharts(): string {
  const header = '# Statecharts\n\nDrawn from the machines by `node docs/statecharts.ts`; do not edit.\n';
  return [header, ...CHARTS.map(drawChart)].join('\n');
}

function drawChart({ title, about, machine }: Chart): string {
  const { root } = machine;
  const states = Object.values(root.states);
  const lines = [
    `  [*] --> ${root.initial.target?.[0]?.key ?? '?'}`,
    ...states.flatMap(drawTransitions),
    ...drawAnywhere(root),
    ...states.filter(({ type }) => type === 'final').map(({ key }) => `  ${key} --> [*]`),
  ];
  return `## ${title}\n\n${about}\n\n\`\`\`mermaid\nstateDiagram-v2\n${lines.join('\n')}\n\`\`\`\n`;
}

function drawTransitions(state: StateNode): readonly string[] {
  return edgesOf(state).map(({ target, label }) => `  ${state.key} --> ${target}: ${label}`);
}

/** What can happen in every state is drawn once. */
function drawAnywhere(root: StateNode): readonly string[] {
  const edges = edgesOf(root);
  if (edges.length === 0) return [];
  return ['  state "any state" as any', ...edges.map(({ target, label }) => `  any --> ${target}: ${label}`)];
}

function edgesOf(state: StateNode): readonly { readonly target: string; readonly label: string }[] {
  const named = [...state.transitions].flatMap(([event, transitions]) =>
    transitions.map((transition) => ({ event: eventName(event), transition })),
  );
  const always = (state.always ?? []).map((transition) => ({ event: '', transition }));
  return [...named, ...always].flatMap(({ event, transition }) => {
    const target = transition.target?.[0]?.key;
    if (target === undefined) return [];
    const guard = guardName(transition.guard);
    return [{ target, label: [event, guard].filter((part) => part !== '').join(' ') || 'otherwise' }];
  });
}

/** XState's own events as a reader would call them. */
function eventName(event: string): string {
  if (event.startsWith('xstate.done.actor')) return 'done';
  if (event.startsWith('xstate.error.actor')) return 'failed';
  const delay = /^xstate\.after\.(\w+)\./.exec(event)?.[1];
  return delay === undefined ? event : `after ${delay}`;
}

function guardName(guard: unknown): string {
  if (guard === undefined) return '';
  if (typeof guard === 'string') return `[${guard}]`;
  if (guard instanceof Object && 'type' in guard) return `[${String(guard.type)}]`;
  if (guard instanceof Function && 'guards' in guard && Array.isArray(guard.guards)) {
    return guard.guards.map((inner) => guardName(inner).replace('[', '[not ')).join(' ');
  }
  return '[…]';
}

if (import.meta.main) {
  const drawn = drawCharts();
  if (!process.argv.includes('--check')) writeFileSync(FILE, drawn);
  else if (readFileSync(FILE, 'utf8') !== drawn) {
    console.error('docs/statecharts.md is not up to date: run node docs/statecharts.ts');
    process.exitCode = 1;
  }
}
