import { coerceError } from '../core/errors.ts';
import type { Secret } from './secret.ts';
import type { Secrets } from './secrets.ts';

/**
 * The values of a vault, for the one who looks for them in texts. Whoever looks for a value must have it, so this is
 * the one place where values stay in memory: for as long as tools from outside are in use. What that gives away to
 * somebody who can read this process's memory, the master key there would give away as well; what it gains is that
 * no tool can take a stored secret along, however it got hold of it.
 *
 * Grows with the vault: each value once, 64 KiB at most.
 */
export interface KnownSecrets {
  /** The same array until something changes. */
  current(): readonly Secret[];
  /** Resolves when what was changed so far is in `current`. Never rejects. */
  ready(): Promise<void>;
}

export interface KnownSecretsOptions {
  readonly secrets: Secrets;
  /** Calls its listener after each change. */
  readonly onChange: (listener: () => void) => void;
  /** Told of each that cannot be read; it is not looked for. */
  readonly onTrouble: (error: Error, name?: string) => void;
}

export function createKnownSecrets({ secrets, onChange, onTrouble }: KnownSecretsOptions): KnownSecrets {
  let current: readonly Secret[] = [];
  let loading = load();
  onChange(() => {
    // One after the other: a load that began earlier must not end later.
    loading = loading.then(load);
  });

  async function load(): Promise<void> {
    try {
      current = await readAll();
    } catch (thrown) {
      onTrouble(coerceError(thrown));
    }
  }

  async function readAll(): Promise<readonly Secret[]> {
    const found: Secret[] = [];
    for (const name of await secrets.names()) {
      const secret = await secrets.get(name).catch((thrown: unknown) => {
        onTrouble(coerceError(thrown), name);
        return undefined;
      });
      if (secret) found.push(secret);
    }
    return found;
  }

  return { current: () => current, ready: () => loading };
}
