import { arrowHead, arrowPath } from './arrow-path.ts';
import { chartCss } from './css.ts';
import type { Box, PlacedArrow, PlacedChart, PlacedDot, PlacedLine, PlacedState } from './placed.ts';
import { GAP, PADDING, SIGNS, SMALL, TITLE } from './state-box.ts';
import { inWords } from './words.ts';

export interface SvgOptions {
  /** False: whoever shows it has `chartCss` already. */
  readonly style?: boolean;
}

/**
 * A chart as the text of an SVG. Groups of states carry `data-state`, those of transitions `data-transition`, with the
 * ids of the chart; what a page wants lit it gives the classes that `chartCss` knows.
 */
export function chartSvg(chart: PlacedChart, { style = true }: SvgOptions = {}): string {
  const { width, height, id } = chart;
  const name = inWords(id);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label="Statechart: ${escaped(name)}"` +
      ` width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>Statechart: ${escaped(name)}</title>`,
    ...(style ? [`<style>${chartCss}</style>`] : []),
    `<rect class="paper" width="${width}" height="${height}" rx="14"/>`,
    ...chart.states.map(drawState),
    ...chart.arrows.flatMap(drawLines),
    ...chart.dots.map(drawDot),
    ...chart.arrows.flatMap(drawWords),
    '</svg>',
    '',
  ].join('\n');
}

function drawState(state: PlacedState): string {
  const { id, text, type } = state;
  const classes = ['state', type, ...classesOf(state)].join(' ');
  return `<g class="${classes}" data-state="${escaped(id)}"><title>${escaped(titleOf(state))}</title>${box(
    state,
  )}${type === 'final' ? ring(state) : ''}${texts(state, text)}</g>`;
}

function classesOf({ type, depth, passing, tags }: PlacedState): readonly string[] {
  return [
    `depth-${depth}`,
    ...(type === 'compound' || type === 'parallel' ? ['outer'] : []),
    ...(passing ? ['passing'] : []),
    ...tags.map((tag) => `tag-${tag}`),
  ];
}

const titleOf = ({ text: { title, description } }: PlacedState): string =>
  description.length === 0 ? title : `${title}: ${description.join(' ')}`;

const box = ({ x, y, width, height }: Box): string =>
  `<rect class="box" x="${x}" y="${y}" width="${width}" height="${height}" rx="10"/>`;

const ring = ({ x, y, width, height }: Box): string =>
  `<rect class="ring" x="${x + 3}" y="${y + 3}" width="${width - 6}" height="${height - 6}" rx="7.5"/>`;

function texts({ x, y, width }: Box, { title, description, lines }: PlacedState['text']): string {
  const left = x + PADDING.x;
  let base = y + PADDING.y + TITLE.line * 0.72;
  const parts = [`<text class="title" x="${left}" y="${base}">${escaped(title)}</text>`];
  base += TITLE.line * 0.28;
  if (description.length > 0) base += GAP;
  for (const line of description) {
    parts.push(`<text class="quiet" x="${left}" y="${base + SMALL.line * 0.72}">${escaped(line)}</text>`);
    base += SMALL.line;
  }
  if (lines.length > 0) {
    base += GAP;
    parts.push(`<path class="rule" d="M${left},${base - 1}H${x + width - PADDING.x}"/>`);
  }
  for (const line of lines) {
    const words = `<tspan class="sign">${SIGNS[line.kind]}</tspan> ${escaped(line.text)}`;
    const text = `<text x="${left}" y="${base + SMALL.line * 0.8}">${words}</text>`;
    parts.push(line.transition === undefined ? text : transitionGroup(line.transition, text));
    base += SMALL.line;
  }
  return parts.join('');
}

const transitionGroup = (id: string, inside: string): string =>
  `<g class="transition" data-transition="${escaped(id)}">${inside}</g>`;

function drawDot({ kind, x, y, width, height }: PlacedDot): string {
  if (kind === 'begin')
    return `<circle class="dot" cx="${x + width / 2}" cy="${y + height / 2}" r="${width / 2 - 1}"><title>It begins here</title></circle>`;
  return (
    `<g><rect class="anywhere" x="${x}" y="${y}" width="${width}" height="${height}" rx="${height / 2}"/>` +
    `<text class="quiet" x="${x + width / 2}" y="${y + height / 2 + 4}" text-anchor="middle">at any time</text></g>`
  );
}

/** Lines lie below all words, so that no word is struck through. Each transition has its own, to be lit alone. */
function drawLines({ transitions, points }: PlacedArrow): readonly string[] {
  const line = `<path class="line" d="${arrowPath(points)}"/><path class="head" d="${arrowHead(points)}"/>`;
  if (transitions.length === 0) return [`<g>${line}</g>`];
  return transitions.map(({ id }) => transitionGroup(id, line));
}

function drawWords({ label, transitions }: PlacedArrow): readonly string[] {
  if (!label) return [];
  const { x, y, width, height } = label;
  return [
    `<rect class="plate" x="${x}" y="${y}" width="${width}" height="${height}" rx="5"/>`,
    ...transitions.flatMap(drawLineWords),
  ];
}

function drawLineWords({ id, event, guard, x, y }: PlacedLine): readonly string[] {
  if (y === null) return [];
  const parts = [
    ...(event === '' ? [] : [escaped(event)]),
    ...(guard === '' ? [] : [`<tspan class="guard">${escaped(guard)}</tspan>`]),
  ];
  return [transitionGroup(id, `<text x="${x}" y="${y}" text-anchor="middle">${parts.join(' · ')}</text>`)];
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? '');
