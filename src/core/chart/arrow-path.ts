import type { Point } from './placed.ts';

const RADIUS = 8;

/** A line through these points whose corners are rounded, as the `d` of an SVG path. */
export function arrowPath(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  const parts = rest.map((point, place) => {
    const next = rest[place + 1];
    return next ? corner(points[place] ?? first, point, next) : `L${text(point)}`;
  });
  return [`M${text(first)}`, ...parts].join('');
}

function corner(before: Point, point: Point, after: Point): string {
  const radius = Math.min(RADIUS, distance(before, point) / 2, distance(point, after) / 2);
  return `L${text(towards(point, before, radius))}Q${text(point)} ${text(towards(point, after, radius))}`;
}

const distance = ([x1, y1]: Point, [x2, y2]: Point): number => Math.hypot(x2 - x1, y2 - y1);

function towards([x, y]: Point, to: Point, by: number): Point {
  const length = distance([x, y], to);
  if (length === 0) return [x, y];
  return [x + ((to[0] - x) * by) / length, y + ((to[1] - y) * by) / length];
}

const text = ([x, y]: Point): string => `${rounded(x)},${rounded(y)}`;
const rounded = (value: number): number => Math.round(value * 10) / 10;

/** The triangle at the end of the line. */
export function arrowHead(points: readonly Point[]): string {
  const end = points.at(-1);
  const before = points.findLast(([x, y]) => end !== undefined && (x !== end[0] || y !== end[1]));
  if (!end || !before) return '';
  const length = distance(before, end);
  const [ux, uy] = [(end[0] - before[0]) / length, (end[1] - before[1]) / length];
  const [bx, by] = [end[0] - ux * HEAD.length, end[1] - uy * HEAD.length];
  const left: Point = [bx - uy * HEAD.half, by + ux * HEAD.half];
  const right: Point = [bx + uy * HEAD.half, by - ux * HEAD.half];
  return `M${text(end)}L${text(left)}L${text(right)}Z`;
}

const HEAD = { length: 8, half: 4.2 };
