import { randomBytes } from 'node:crypto';
import { Secret } from './secret.ts';
import type { Secrets } from './secrets.ts';

/** So many random bytes cannot stand in a text by chance. */
const BYTES = 24;

/**
 * Stand-ins for a dry run: every name exists, each with a value of its own, the same each time it is asked for.
 * `random` gives so many random bytes. `names` are those asked for so far.
 */
export function standInSecrets(random: (bytes: number) => Uint8Array = randomBytes): Secrets {
  const made = new Map<string, Secret>();
  return {
    has: async () => true,
    async get(name) {
      const known = made.get(name);
      if (known) return known;
      const secret = new Secret(name, `standin${Buffer.from(random(BYTES)).toString('hex')}`);
      made.set(name, secret);
      return secret;
    },
    names: async () => [...made.keys()].sort(),
  };
}
