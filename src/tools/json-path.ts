import type { Json } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';

type Step =
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'index'; readonly index: number }
  | { readonly type: 'slice'; readonly start: number | undefined; readonly end: number | undefined }
  | { readonly type: 'each' };

/**
 * What stands at a path of a JSON value. Paths: `a.b`, `a["b c"]`, `a[0]`, `a[-1]`, `a[2:5]` (lists and texts),
 * `a[*].b` (of each); a `$` in front may be there or not; the empty path is the whole. Errors say which step found
 * nothing and what was there instead.
 */
export function query(value: Json, path: string): Result<Json, string> {
  const steps = parsePath(path.trim());
  return steps.ok ? follow(value, steps.value, '$') : steps;
}

const STEP =
  /\.?(?:\[\s*(?:(-?\d+)|(-?\d*)\s*:\s*(-?\d*)|(\*)|"((?:[^"\\]|\\.)*)"|'([^']*)')\s*\]|(\*)|([^.[\]\s"'*]+))/y;

function parsePath(path: string): Result<readonly Step[], string> {
  const steps: Step[] = [];
  STEP.lastIndex = path.startsWith('$') ? 1 : 0;
  while (STEP.lastIndex < path.length) {
    const at = STEP.lastIndex;
    const match = STEP.exec(path);
    if (!match)
      return err(
        `The path cannot be read from "${path.slice(at, at + 30)}" on. Examples: a.b[0].c, items[*].name, [0:100].`,
      );
    steps.push(toStep(match));
  }
  return ok(steps);
}

function toStep([, index, start, end, each, quoted, single, star, key]: RegExpExecArray): Step {
  if (index !== undefined) return { type: 'index', index: Number(index) };
  if (start !== undefined) return { type: 'slice', start: bound(start), end: bound(end) };
  if (each !== undefined || star !== undefined) return { type: 'each' };
  return { type: 'key', key: quoted?.replace(/\\(.)/g, '$1') ?? single ?? key ?? '' };
}

const bound = (digits: string | undefined): number | undefined => (digits ? Number(digits) : undefined);

function follow(value: Json, steps: readonly Step[], place: string): Result<Json, string> {
  const [step, ...rest] = steps;
  if (!step) return ok(value);
  if (step.type === 'each') return followEach(value, rest, place);
  const next = take(value, step);
  if (next === undefined)
    return err(`Nothing is at ${place}${written(step)}: ${place} is ${described(value)}.`);
  return follow(next, rest, place + written(step));
}

function followEach(value: Json, rest: readonly Step[], place: string): Result<Json, string> {
  if (typeof value !== 'object' || value === null)
    return err(`${place} is ${described(value)} and has no parts.`);
  const found: Json[] = [];
  for (const part of Object.values(value)) {
    const result = follow(part, rest, `${place}[*]`);
    if (result.ok) found.push(result.value);
  }
  return ok(found);
}

function take(value: Json, step: Exclude<Step, { type: 'each' }>): Json | undefined {
  if (step.type === 'slice') return slice(value, step.start, step.end);
  if (Array.isArray(value)) return itemAt(value, step);
  if (typeof value !== 'object' || value === null) return undefined;
  const key = step.type === 'index' ? String(step.index) : step.key;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

/** Some write `list.0` for `list[0]`. */
function itemAt(list: readonly Json[], step: Exclude<Step, { type: 'each' | 'slice' }>): Json | undefined {
  if (step.type === 'index') return list.at(step.index);
  return /^\d+$/.test(step.key) ? list[Number(step.key)] : undefined;
}

function slice(value: Json, start: number | undefined, end: number | undefined): Json | undefined {
  return typeof value === 'string' || Array.isArray(value) ? value.slice(start, end) : undefined;
}

function written(step: Exclude<Step, { type: 'each' }>): string {
  if (step.type === 'key') return `.${step.key}`;
  return step.type === 'index' ? `[${step.index}]` : `[${step.start ?? ''}:${step.end ?? ''}]`;
}

function described(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value !== 'object') return `a ${typeof value}`;
  const keys = Object.keys(value);
  return `an object with the keys ${keys.slice(0, 20).join(', ')}${keys.length > 20 ? ', …' : ''}`;
}
