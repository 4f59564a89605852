import type { Clock } from '../../core/clock.ts';
import type { Database } from '../../storage/index.ts';
import type { Environment } from '../environment-secrets.ts';
import type { Keychain } from '../master-key/keychain.ts';
import { createMasterKeys } from '../master-key/master-keys.ts';
import { createVault, type Vault } from '../vault/vault.ts';

export interface VaultStage {
  readonly database: Database;
  readonly home: string;
  readonly env?: Environment;
  readonly keychain?: Keychain;
  readonly clock?: Clock;
  readonly owner?: string;
}

/** A vault as a process opens it that has just started. */
export function openVault({ database, home, env = {}, keychain, clock = NOON, owner }: VaultStage): Vault {
  const keys = createMasterKeys({ env, home, keychain });
  return createVault({ database, clock, keys, ...(owner !== undefined && { owner }) });
}

const NOON: Clock = { now: () => Date.UTC(2030, 0, 1, 12) };

/** A keychain that keeps what it is told, or, when `broken`, nothing, as one without a session does. */
export function memoryKeychain({ broken = false } = {}): Keychain & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    get: async (account) => kept.get(account),
    async set(account, text) {
      if (!broken) kept.set(account, text);
    },
    async delete(account) {
      kept.delete(account);
    },
  };
}

/** The database of a process that dies at its commit number `count`: just before it, or just after. */
export function dyingDatabase(database: Database, count: number, when: 'before' | 'after'): Database {
  let commits = 0;
  return {
    ...database,
    async commit(statements) {
      const isLast = ++commits >= count;
      if (isLast && when === 'before') throw new Error('died');
      const committed = await database.commit(statements);
      if (isLast) throw new Error('died');
      return committed;
    },
  };
}
