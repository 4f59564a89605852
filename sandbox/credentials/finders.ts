import { createHash } from 'node:crypto';
import { createKnownFinder } from '../../src/safety/index.ts';
import type { Secret } from '../../src/secrets/index.ts';

type Finder = ReturnType<typeof createKnownFinder>;

/** Sets of secrets that are in use at a time; more would be many tools with many keys each. */
const MAX_FINDERS = 32;
const finders = new Map<string, Finder>();

/**
 * A finder for these secrets. Making one takes longer than all else that is done for a request, and requests with the
 * same secrets come in numbers.
 */
export function finderFor(secrets: readonly Secret[]): Finder {
  const hash = createHash('sha256');
  for (const secret of secrets) hash.update(JSON.stringify([secret.name, secret.expose()]));
  const key = hash.digest('base64');
  const finder = finders.get(key) ?? createKnownFinder(secrets);
  // The one that was used last goes last.
  finders.delete(key);
  finders.set(key, finder);
  const [oldest] = finders.keys();
  if (finders.size > MAX_FINDERS && oldest !== undefined) finders.delete(oldest);
  return finder;
}
