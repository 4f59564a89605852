import type { Chart, ChartState, ChartStateType } from '../inspect.ts';
import { type ArrowBundle, anywhereIn, arrowBundles, dotOf, LABEL, wordsAt } from './elk-graph.ts';
import { type StateBox, stateBox } from './state-box.ts';
import type { ArrowWords } from './words.ts';

/** A chart with the place of everything in it, in pixels from the upper left. Plain data, to be kept by `hash`. */
export interface PlacedChart {
  readonly id: string;
  readonly hash: string;
  readonly width: number;
  readonly height: number;
  /** Outer states before those inside of them. */
  readonly states: readonly PlacedState[];
  readonly arrows: readonly PlacedArrow[];
  readonly dots: readonly PlacedDot[];
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedState extends Box {
  readonly id: string;
  readonly type: ChartStateType;
  readonly tags: readonly string[];
  /** Nothing is waited for: it only decides where to go. */
  readonly passing: boolean;
  /** States around it; 0: the machine itself. */
  readonly depth: number;
  readonly text: StateBox;
}

export interface PlacedDot extends Box {
  readonly id: string;
  /** `begin`: where a state with states inside begins; `anywhere`: start of arrows from all states inside. */
  readonly kind: 'begin' | 'anywhere';
}

export interface PlacedArrow {
  readonly id: string;
  /** None: the arrow into an initial state. */
  readonly transitions: readonly PlacedLine[];
  readonly points: readonly Point[];
  /** Behind the words. */
  readonly label: Box | null;
}

/** One transition of an arrow; `y` is the base line of its words, null where it has none. */
export interface PlacedLine extends ArrowWords {
  readonly id: string;
  readonly x: number;
  readonly y: number | null;
}

export type Point = readonly [x: number, y: number];

/** What ELK gives back, as far as it is looked at; coordinates count from the upper left of the whole. */
export interface LaidOut {
  readonly id?: string;
  readonly x?: number | undefined;
  readonly y?: number | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly children?: readonly LaidOut[] | undefined;
  readonly edges?: readonly LaidOutEdge[] | undefined;
}

interface LaidOutEdge {
  readonly id?: string;
  readonly sections?: readonly LaidOutSection[] | undefined;
  readonly labels?: readonly LaidOut[] | undefined;
}

interface LaidOutSection {
  readonly startPoint: { readonly x: number; readonly y: number };
  readonly endPoint: { readonly x: number; readonly y: number };
  readonly bendPoints?: readonly { readonly x: number; readonly y: number }[] | undefined;
}

/** Around everything. */
const MARGIN = 12;

/** Puts what ELK found together with what it stands for. Whole pixels: the same chart gives the same text anywhere. */
export function placeChart(chart: Chart, laidOut: LaidOut): PlacedChart {
  const boxes = new Map([...shapesIn(laidOut)].map((shape) => [shape.id ?? '', boxOf(shape)] as const));
  const edges = new Map([...edgesIn(laidOut)].map((edge) => [edge.id ?? '', edge] as const));
  const begins = chart.states.filter(({ initial }) => initial !== null).map(({ id }) => id);
  return {
    id: chart.id,
    hash: chart.hash,
    width: Math.round(laidOut.width ?? 0) + 2 * MARGIN,
    height: Math.round(laidOut.height ?? 0) + 2 * MARGIN,
    states: chart.states.flatMap((state) => placeState(state, chart, boxes)),
    dots: chart.states.flatMap(({ id }) => [
      ...dot(dotOf(id), 'begin', boxes),
      ...dot(anywhereIn(id), 'anywhere', boxes),
    ]),
    arrows: [
      ...begins.flatMap((id) => plainArrow(`${dotOf(id)}→`, edges)),
      ...arrowBundles(chart).flatMap((bundle) => placeArrow(bundle, edges)),
    ],
  };
}

function* shapesIn(shape: LaidOut): Iterable<LaidOut> {
  for (const child of shape.children ?? []) {
    yield child;
    yield* shapesIn(child);
  }
}

function* edgesIn(shape: LaidOut): Iterable<LaidOutEdge> {
  yield* shape.edges ?? [];
  for (const child of shape.children ?? []) yield* edgesIn(child);
}

const at = (coordinate: number | undefined): number => Math.round(coordinate ?? 0) + MARGIN;

const boxOf = ({ x, y, width, height }: LaidOut): Box => ({
  x: at(x),
  y: at(y),
  width: Math.round(width ?? 0),
  height: Math.round(height ?? 0),
});

function placeState(
  state: ChartState,
  chart: Chart,
  boxes: ReadonlyMap<string, Box>,
): readonly PlacedState[] {
  const box = boxes.get(state.id);
  if (!box) return [];
  const { id, type, tags, path } = state;
  return [
    {
      id,
      type,
      tags,
      passing: isPassing(state, chart),
      depth: path.length,
      text: stateBox(state, chart),
      ...box,
    },
  ];
}

function isPassing({ id, type }: ChartState, chart: Chart): boolean {
  const own = chart.transitions.filter(({ source }) => source === id);
  return type === 'atomic' && own.length > 0 && own.every(({ kind }) => kind === 'always');
}

function dot(id: string, kind: PlacedDot['kind'], boxes: ReadonlyMap<string, Box>): readonly PlacedDot[] {
  const box = boxes.get(id);
  return box ? [{ id, kind, ...box }] : [];
}

function plainArrow(id: string, edges: ReadonlyMap<string, LaidOutEdge>): readonly PlacedArrow[] {
  const edge = edges.get(id);
  return edge ? [{ id, transitions: [], points: pointsOf(edge), label: null }] : [];
}

function placeArrow(
  { id, leadsBack, transitions }: ArrowBundle,
  edges: ReadonlyMap<string, LaidOutEdge>,
): readonly PlacedArrow[] {
  const edge = edges.get(id);
  if (!edge) return [];
  const [shape] = edge.labels ?? [];
  const label = shape ? boxOf(shape) : null;
  let line = 0;
  const placed = transitions.map((transition): PlacedLine => {
    if (!label || wordsAt(transition) === '') return { ...transition, x: 0, y: null };
    const y = label.y + LABEL.paddingY + LABEL.line * line++ + Math.round(LABEL.line * 0.75);
    return { ...transition, x: Math.round(label.x + label.width / 2), y };
  });
  const points = pointsOf(edge);
  return [{ id, transitions: placed, points: leadsBack ? points.toReversed() : points, label }];
}

function pointsOf({ sections = [] }: LaidOutEdge): readonly Point[] {
  return sections.flatMap(({ startPoint, bendPoints = [], endPoint }) =>
    [startPoint, ...bendPoints, endPoint].map(({ x, y }): Point => [at(x), at(y)]),
  );
}
