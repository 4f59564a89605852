import type { ContextChange } from '../../src/core/inspect.ts';
import { isJsonList, isJsonObject, type Json } from '../../src/core/json.ts';

const MOST_CHANGES = 60;

/** What is different in a value, by its path, in the order of the fields; 60 at most. */
export function changesBetween(before: Json, after: Json): readonly ContextChange[] {
  return [...changes(before, after, [])].slice(0, MOST_CHANGES);
}

function* changes(
  before: Json | undefined,
  after: Json | undefined,
  path: readonly string[],
): Iterable<ContextChange> {
  const [left, right] = [partsOf(before), partsOf(after)];
  if (!left || !right) {
    if (JSON.stringify(before) !== JSON.stringify(after)) yield { path: path.join('.'), before, after };
    return;
  }
  for (const name of new Set([...left.keys(), ...right.keys()])) {
    yield* changes(left.get(name), right.get(name), [...path, name]);
  }
}

/** Of a list or an object that has any; an empty one is a value like others. */
function partsOf(value: Json | undefined): ReadonlyMap<string, Json> | undefined {
  if (isJsonList(value)) return new Map(value.map((item, place) => [String(place), item]));
  return isJsonObject(value) ? new Map(Object.entries(value)) : undefined;
}
