import { expect, test } from 'vitest';
import type { Chart } from '../inspect.ts';
import { arrowBundles, elkGraph } from './elk-graph.ts';
import { placeChart } from './placed.ts';
import { chartSvg } from './svg.ts';
import { arrowWords, inWords } from './words.ts';

const state = (id: string, parent: string | null, part: Partial<Chart['states'][number]> = {}) => ({
  id,
  key: id.split('.').at(-1) ?? id,
  path: id.split('.').slice(1),
  type: 'atomic' as const,
  parent,
  initial: null,
  invokes: [],
  entry: [],
  exit: [],
  tags: [],
  ...part,
});

const transition = (
  source: string,
  event: string,
  targets: string[],
  guard: string | null = null,
  place = 0,
) => ({
  id: `${source}:${event}:${place}`,
  source,
  targets,
  event,
  label: event,
  kind: 'event' as const,
  guard,
  actions: [],
});

const chart: Chart = {
  id: 'lamp<&"',
  hash: '0123456789abcdef',
  states: [
    state('lamp', null, { type: 'compound', initial: 'lamp.off' }),
    state('lamp.off', 'lamp', { description: 'It is <dark> & "quiet".' }),
    state('lamp.on', 'lamp'),
    state('lamp.gone', 'lamp', { type: 'final' }),
  ],
  transitions: [
    transition('lamp.off', 'switch.pressed', ['lamp.on'], 'hasPower', 0),
    transition('lamp.off', 'switch.pressed', [], null, 1),
    transition('lamp.on', 'switch.pressed', ['lamp.off']),
    transition('lamp', 'lamp.broke', ['lamp.gone']),
  ],
};

const box = (id: string, x: number, y: number) => ({ id, x, y, width: 100, height: 50 });

/** As a layout could be. */
const laidOut = {
  width: 400.4,
  height: 300.4,
  children: [
    {
      ...box('lamp', 0, 0),
      children: [
        box('lamp#begin', 10, 5),
        box('lamp#any', 10, 100),
        box('lamp.off', 20.4, 40.6),
        box('lamp.on', 20, 140),
        box('lamp.gone', 200, 140),
      ],
    },
  ],
  edges: arrowBundles(chart).map(({ id }) => ({
    id,
    sections: [{ startPoint: { x: 1, y: 2 }, bendPoints: [{ x: 1, y: 40 }], endPoint: { x: 60, y: 40 } }],
    labels: [box('', 30, 30)],
  })),
};

test('names of the program are told in words', () => {
  expect(inWords('awaitingApproval')).toBe('awaiting approval');
  expect(inWords('calls.judged')).toBe('calls judged');
  const [first, second, third] = chart.transitions.map((one) => arrowWords(one, chart));
  expect(first).toEqual({ event: 'switch pressed', guard: 'if has power' });
  expect(second).toEqual({ event: 'switch pressed', guard: 'otherwise' });
  expect(third).toEqual({ event: 'switch pressed', guard: '' });
});

test('an arrow back is laid out as one that leads on, and drawn as one that leads back', () => {
  const edge = elkGraph(chart).edges?.find(({ id }) => id === 'lamp.on→lamp.off');
  expect(edge).toMatchObject({ sources: ['lamp.off'], targets: ['lamp.on'] });
  const placed = placeChart(chart, laidOut).arrows.find(({ id }) => id === 'lamp.on→lamp.off');
  expect(placed?.points).toEqual([
    [72, 52],
    [13, 52],
    [13, 14],
  ]);
});

test('an arrow from a state to one inside of it starts at a place of its own', () => {
  expect(arrowBundles(chart).map(({ from, to }) => `${from} ${to}`)).toContain('lamp#any lamp.gone');
});

test('a drawing has whole pixels, a title for each state, and nothing that is no text', () => {
  const svg = chartSvg(placeChart(chart, laidOut));
  expect(svg).toContain('data-state="lamp.off"');
  expect(svg).toContain('<title>off: It is &lt;dark&gt; &amp; &quot;quiet&quot;.</title>');
  expect(svg).toContain('aria-label="Statechart: lamp&lt;&amp;&quot;"');
  expect(svg).toContain('x="32" y="53" width="100"');
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  expect([...svg.matchAll(/data-transition="lamp\.off:switch\.pressed:1"/g)]).toHaveLength(1);
});

test('a drawing without its style holds none, for pages that allow none inline', () => {
  const svg = chartSvg(placeChart(chart, laidOut), { style: false });
  expect(svg).not.toMatch(/<style|style=/);
});
