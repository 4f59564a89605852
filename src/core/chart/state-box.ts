import type { Chart, ChartState } from '../inspect.ts';
import { textWidth, wrapText } from './text-width.ts';
import { inWords } from './words.ts';

/** What is written into the box of a state, with the size that it needs. In pixels. */
export interface StateBox {
  readonly title: string;
  readonly description: readonly string[];
  /** `begins`: on entry; `ends`: on exit; `runs`: actors inside; `on`: what is dealt with without leaving. */
  readonly lines: readonly BoxLine[];
  readonly width: number;
  /** Of the texts; a state with states inside has these below. */
  readonly height: number;
}

export interface BoxLine {
  readonly kind: 'begins' | 'ends' | 'runs' | 'on';
  readonly text: string;
  /** Of kind `on`. */
  readonly transition?: string;
}

export const TITLE = { size: 14, line: 20 };
export const SMALL = { size: 11.5, line: 16 };
export const PADDING = { x: 14, y: 11 };
/** Between the title and what else is written. */
export const GAP = 5;

const TEXT_WIDTH = 200;
const MIN_WIDTH = 96;

export function stateBox(state: ChartState, chart: Chart): StateBox {
  const title = inWords(state.parent === null ? chart.id : state.key);
  const description = wrapText(state.description ?? '', SMALL.size, TEXT_WIDTH);
  const lines = linesOf(state, chart);
  const widest = Math.max(
    textWidth(title, TITLE.size, 'bold'),
    ...description.map((line) => textWidth(line, SMALL.size)),
    ...lines.map((line) => textWidth(lineText(line), SMALL.size)),
  );
  const small = description.length + lines.length;
  const between = (description.length > 0 ? GAP : 0) + (lines.length > 0 ? GAP : 0);
  return {
    title,
    description,
    lines,
    width: Math.max(MIN_WIDTH, widest + 2 * PADDING.x),
    height: 2 * PADDING.y + TITLE.line + small * SMALL.line + between,
  };
}

/** As it is written, behind its sign. */
export const lineText = ({ kind, text }: BoxLine): string => `${SIGNS[kind]} ${text}`;

export const SIGNS: Readonly<Record<BoxLine['kind'], string>> = {
  begins: 'does',
  ends: 'leaving:',
  runs: 'runs',
  on: 'on',
};

function linesOf({ id, entry, exit, invokes }: ChartState, chart: Chart): readonly BoxLine[] {
  const internal = chart.transitions.filter(({ source, targets }) => source === id && targets.length === 0);
  return [
    ...entry.map((name): BoxLine => ({ kind: 'begins', text: inWords(name) })),
    ...invokes.map((name): BoxLine => ({ kind: 'runs', text: inWords(name) })),
    ...exit.map((name): BoxLine => ({ kind: 'ends', text: inWords(name) })),
    ...internal.map(
      ({ label, guard, id: transition }): BoxLine => ({
        kind: 'on',
        text: guard === null ? inWords(label) : `${inWords(label)}, if ${inWords(guard)}`,
        transition,
      }),
    ),
  ];
}
