import type { Origin } from '../../src/core/journal.ts';
import { unitedOrigins } from '../../src/safety/index.ts';

const DEEPEST = 4;
const MOST_ITEMS = 30;

/** Whose words, other than the user's, an event says that it holds, at any depth down to the fourth. */
export function originsIn(value: unknown, depth = 0): readonly Origin[] {
  if (!(value instanceof Object) || depth > DEEPEST) return [];
  const own = 'origins' in value && Array.isArray(value.origins) ? value.origins : [];
  const inner = Object.values(value).slice(0, MOST_ITEMS);
  return unitedOrigins(
    own.filter((origin) => typeof origin === 'string'),
    ...inner.map((one) => originsIn(one, depth + 1)),
  );
}
