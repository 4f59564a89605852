import type { Chart, ChartState, ChartTransition } from '../inspect.ts';
import { stateBox } from './state-box.ts';
import { textWidth } from './text-width.ts';
import { type ArrowWords, arrowWords } from './words.ts';

/** What ELK's `layout` takes, as far as it is used here. */
export interface ElkGraph {
  readonly id: string;
  readonly width?: number;
  readonly height?: number;
  readonly layoutOptions?: Readonly<Record<string, string>>;
  readonly children?: ElkGraph[];
  readonly edges?: ElkEdge[];
}

export interface ElkEdge {
  readonly id: string;
  readonly sources: string[];
  readonly targets: string[];
  readonly labels: ElkLabel[];
}

interface ElkLabel {
  readonly text: string;
  readonly width: number;
  readonly height: number;
  readonly layoutOptions: Readonly<Record<string, string>>;
}

/** One or more transitions that lead from one place to another, drawn as one arrow. */
export interface ArrowBundle {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** To a state that stands earlier in the chart. */
  readonly leadsBack: boolean;
  readonly transitions: readonly (ArrowWords & { readonly id: string })[];
}

export const LABEL = { size: 11.5, line: 16, paddingX: 6, paddingY: 3 };
export const DOT = 12;
const ANYWHERE = { width: 92, height: 26 };

/** The dot that points to where a state with states inside begins. */
export const dotOf = (stateId: string): string => `${stateId}#begin`;
/** Where arrows start that lead from anywhere inside of a state to one of its own. */
export const anywhereIn = (stateId: string): string => `${stateId}#any`;

const LAYOUT: Readonly<Record<string, string>> = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.randomSeed': '1',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.layered.spacing.nodeNodeBetweenLayers': '34',
  'elk.layered.spacing.edgeNodeBetweenLayers': '16',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
  'elk.spacing.nodeNode': '34',
  'elk.spacing.edgeNode': '20',
  'elk.spacing.edgeEdge': '14',
  'elk.spacing.edgeLabel': '4',
  'elk.spacing.labelLabel': '6',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.thoroughness': '20',
};

const SIDE = 20;

/** The input of ELK's layout; what comes out goes to `placeChart`. */
export function elkGraph(chart: Chart): ElkGraph {
  const [root] = chart.states;
  if (!root) throw new Error(`the chart "${chart.id}" has no states`);
  return {
    id: 'chart',
    layoutOptions: { ...LAYOUT, 'elk.padding': '[top=0,left=0,bottom=0,right=0]' },
    children: [nodeOf(root, chart)],
    edges: [...initialEdges(chart), ...arrowBundles(chart).map(edgeOf)],
  };
}

function nodeOf(state: ChartState, chart: Chart): ElkGraph {
  const { width, height } = stateBox(state, chart);
  const inner = chart.states.filter(({ parent }) => parent === state.id);
  if (inner.length === 0) return { id: state.id, width, height };
  return {
    id: state.id,
    layoutOptions: {
      'elk.padding': `[top=${height + SIDE / 2},left=${SIDE},bottom=${SIDE},right=${SIDE}]`,
      'elk.nodeSize.constraints': 'MINIMUM_SIZE',
      'elk.nodeSize.minimum': `(${width}, ${height})`,
    },
    children: [...beginning(state), ...anywhere(state, chart), ...inner.map((child) => nodeOf(child, chart))],
  };
}

const beginning = ({ id, initial }: ChartState): ElkGraph[] =>
  initial === null ? [] : [{ id: dotOf(id), width: DOT, height: DOT }];

const anywhere = ({ id }: ChartState, chart: Chart): ElkGraph[] =>
  arrowBundles(chart).some(({ from }) => from === anywhereIn(id))
    ? [{ id: anywhereIn(id), ...ANYWHERE }]
    : [];

const initialEdges = (chart: Chart): ElkEdge[] =>
  chart.states.flatMap(({ id, initial }) =>
    initial === null ? [] : [{ id: `${dotOf(id)}→`, sources: [dotOf(id)], targets: [initial], labels: [] }],
  );

/** Transitions with the same ends share an arrow, so that no two lines lie beside each other for nothing. */
export function arrowBundles(chart: Chart): readonly ArrowBundle[] {
  const bundles = new Map<string, ChartTransition[]>();
  for (const transition of chart.transitions) {
    for (const target of transition.targets) {
      const id = `${startOf(transition, target, chart)}→${target}`;
      bundles.set(id, [...(bundles.get(id) ?? []), transition]);
    }
  }
  return [...bundles].map(([id, transitions]) => {
    const [from = '', to = ''] = id.split('→');
    return {
      id,
      from,
      to,
      leadsBack: isBack(from, to, chart),
      transitions: transitions.map((one) => ({ id: one.id, ...arrowWords(one, chart) })),
    };
  });
}

function startOf({ source }: ChartTransition, target: string, chart: Chart): string {
  return isInside(target, source, chart) ? anywhereIn(source) : source;
}

function isInside(id: string, outer: string, chart: Chart): boolean {
  const parent = chart.states.find((state) => state.id === id)?.parent;
  if (parent === null || parent === undefined) return false;
  return parent === outer || isInside(parent, outer, chart);
}

/**
 * An arrow back is laid out as if it led on: so what the machine's author wrote first stands above what comes later,
 * and there is no cycle left for ELK to break in a place of its own choosing.
 */
function edgeOf({ id, from, to, leadsBack, transitions }: ArrowBundle): ElkEdge {
  const words = transitions.map(wordsAt).filter((text) => text !== '');
  const [upper, lower] = leadsBack ? [to, from] : [from, to];
  return { id, sources: [upper], targets: [lower], labels: words.length === 0 ? [] : [labelBox(words)] };
}

function isBack(from: string, to: string, { states }: Chart): boolean {
  return states.findIndex(({ id }) => id === from) > states.findIndex(({ id }) => id === to);
}

/** As it is written at the arrow. */
export const wordsAt = ({ event, guard }: ArrowWords): string => [event, guard].filter(Boolean).join(' · ');

function labelBox(lines: readonly string[]): ElkLabel {
  return {
    text: lines.join('\n'),
    width: Math.max(...lines.map((line) => textWidth(line, LABEL.size))) + 2 * LABEL.paddingX,
    height: lines.length * LABEL.line + 2 * LABEL.paddingY,
    // On the line, so that nobody wonders which arrow the words belong to.
    layoutOptions: { 'elk.edgeLabels.inline': 'true' },
  };
}
