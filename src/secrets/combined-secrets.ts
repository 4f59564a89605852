import type { Secrets } from './secrets.ts';

/**
 * Secrets from two sources, of which the first one counts before the second. One that is expired in the first is
 * looked for in the second; where that has none either, asking for it says when it expired.
 */
export function combinedSecrets(first: Secrets, second: Secrets): Secrets {
  return {
    has: async (name) => (await first.has(name)) || (await second.has(name)),
    async get(name) {
      const elsewhere = !(await first.has(name)) && (await second.has(name));
      return elsewhere ? second.get(name) : first.get(name);
    },
    names: async () => [...new Set([...(await first.names()), ...(await second.names())])].sort(),
  };
}
