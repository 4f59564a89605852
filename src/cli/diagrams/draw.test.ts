import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogue } from '../../../machines/catalogue.ts';
import { sys } from '../../runtime/index.ts';
import { type DrawnFile, drawCatalogue } from './draw.ts';
import { staleFiles, writeFiles } from './files.ts';

let files: readonly DrawnFile[];
const folder = mkdtempSync(join(tmpdir(), 'ironbark-diagrams-'));

beforeAll(async () => {
  files = await drawCatalogue();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const svgOf = (file: string): string =>
  files.find(({ name }) => name === `diagrams/${file.replace('.ts', '.svg')}`)?.text ?? '';

describe.each(catalogue)('the drawing of $file', ({ file, machine }) => {
  const { states, transitions } = sys.chartOf(machine);

  test('has every state and every transition, to be lit by their ids', () => {
    const svg = svgOf(file);
    for (const { id } of states) expect(svg).toContain(`data-state="${id}"`);
    for (const { id } of transitions) expect(svg).toContain(`data-transition="${id}"`);
  });

  test('has no words at an arrow that lie upon others, or upon a state without states inside', () => {
    const plates = boxes(svgOf(file), 'plate');
    const inner = [...svgOf(file).matchAll(/class="state (?:atomic|final)[^>]*>.*?<\/title>(<rect[^>]*>)/g)];
    const states = inner.flatMap(([, rect]) => boxes(rect ?? '', 'box'));
    expect(states.length).toBeGreaterThan(1);
    for (const [place, plate] of plates.entries()) {
      expect([...plates.slice(place + 1), ...states].filter((other) => overlap(plate, other))).toEqual([]);
    }
  });

  test('keeps its words inside of the picture', () => {
    const svg = svgOf(file);
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)?.map(Number) ?? [];
    for (const { x, y, width: w, height: h } of [...boxes(svg, 'plate'), ...boxes(svg, 'box')]) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(x + w).toBeLessThanOrEqual(width ?? 0);
      expect(y + h).toBeLessThanOrEqual(height ?? 0);
    }
  });
});

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function boxes(svg: string, kind: string): readonly Box[] {
  const found = svg.matchAll(
    new RegExp(`<rect class="${kind}" x="(\\d+)" y="(\\d+)" width="(\\d+)" height="(\\d+)"`, 'g'),
  );
  return [...found].map(([, ...numbers]) => {
    const [x = 0, y = 0, width = 0, height = 0] = numbers.map(Number);
    return { x, y, width, height };
  });
}

/** One pixel of touching is rounding. */
const overlap = (a: Box, b: Box): boolean =>
  a.x + 1 < b.x + b.width && b.x + 1 < a.x + a.width && a.y + 1 < b.y + b.height && b.y + 1 < a.y + a.height;

test('the same machines are drawn the same', async () => {
  expect(await drawCatalogue()).toEqual(files);
});

test('what is missing, changed or left over is found, and put right', () => {
  expect(staleFiles(folder, files)).toHaveLength(files.length);
  expect(writeFiles(folder, files)).toHaveLength(files.length);
  expect(staleFiles(folder, files)).toEqual([]);
  writeFileSync(join(folder, 'diagrams/turn.svg'), 'painted over');
  writeFileSync(join(folder, 'diagrams/gone.svg'), 'of a machine that is no more');
  expect(staleFiles(folder, files)).toEqual(['diagrams/turn.svg', 'diagrams/gone.svg']);
  writeFiles(folder, files);
  expect(readFileSync(join(folder, 'diagrams/turn.svg'), 'utf8')).toBe(svgOf('turn.ts'));
  expect(existsSync(join(folder, 'diagrams/gone.svg'))).toBe(false);
});

test('the page shows every drawing', () => {
  const page = files.find(({ name }) => name === 'statecharts.md')?.text ?? '';
  for (const { name } of files.slice(1)) expect(page).toContain(`](${name})`);
});
