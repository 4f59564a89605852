import { type InspectOptions, inspect } from 'node:util';
import { type AnyActorRef, isMachineSnapshot } from 'xstate';
import { pathOf } from '../process/identity.ts';

/** How values are written. */
export interface TermLayout {
  /** Levels of nesting that are shown; `Infinity` for all. What lies deeper is `...`. */
  readonly depth: number;
  readonly singleLine: boolean;
}

/** An array's elements that are shown, as many as Node's own `inspect` does. */
const ELEMENTS = 100;

/** Levels shown of what is not plain data: an instance of a class may lead anywhere, even to the whole tree. */
const INSTANCE_DEPTH = 2;

const LINE = 100;

/** Writes a value of any kind, for people. Actors are written as their paths; errors on one line lose their stack. */
export function formatTerm(value: unknown, layout: TermLayout): string {
  const text = inspect(limit(value, layout, []), shape(layout, Number.POSITIVE_INFINITY));
  return layout.singleLine ? onOneLine(text) : text;
}

/** OTP's `io_lib:limit_term`: the value with everything beyond the depth cut off. */
function limit(value: unknown, layout: TermLayout, above: readonly object[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isRef(value)) return written(`<${pathOf(value)}>`);
  if (value instanceof Error && layout.singleLine) return written(`${value.name}: ${value.message}`);
  if (above.includes(value)) return written('[Circular]');
  const inner = (part: unknown): unknown => limit(part, layout, [...above, value]);
  const tooDeep = above.length >= layout.depth;
  if (Array.isArray(value)) return tooDeep ? written('[...]') : limitArray(value, inner);
  if (isPlain(value)) return tooDeep ? written('{...}') : mapValues(value, inner);
  const depth = Math.max(0, Math.min(layout.depth - above.length, INSTANCE_DEPTH));
  return written(inspect(value, shape(layout, depth)));
}

function limitArray(values: readonly unknown[], inner: (part: unknown) => unknown): readonly unknown[] {
  const shown = values.slice(0, ELEMENTS).map(inner);
  const more = values.length - shown.length;
  return more > 0 ? [...shown, written(`... ${more} more`)] : shown;
}

function mapValues(value: object, inner: (part: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inner(part)]));
}

/** Something that `inspect` shows just so. */
function written(text: string): object {
  return { [inspect.custom]: () => text };
}

function shape({ singleLine }: TermLayout, depth: number): InspectOptions {
  return {
    depth,
    breakLength: singleLine ? Number.POSITIVE_INFINITY : LINE,
    compact: singleLine || 3,
    // One more: the note that there are more.
    maxArrayLength: ELEMENTS + 1,
  };
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ');
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && !isMachineSnapshot(value);
}

function isRef(value: object): value is AnyActorRef {
  return 'getSnapshot' in value && 'sessionId' in value && 'system' in value;
}
