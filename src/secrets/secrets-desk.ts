import type { Clock } from '../core/clock.ts';
import { IronbarkError } from '../core/errors.ts';
import type { SecretEntry, SecretsDesk } from '../core/secrets.ts';
import type { Database, Row } from '../storage/index.ts';
import { readUses, type SecretUses } from './secret-uses.ts';
import type { Secrets } from './secrets.ts';
import { variableOf } from './variable.ts';
import { OWNER, type Vault } from './vault/vault.ts';

export interface SecretsDeskOptions {
  readonly vault: Vault;
  /** Those that the vault's stand before. */
  readonly environment: Secrets;
  readonly database: Database;
  readonly clock: Clock;
}

/** What a person does with the secrets of this process. */
export function createSecretsDesk({ vault, environment, database, clock }: SecretsDeskOptions): SecretsDesk {
  return {
    async list() {
      const uses = await readUses(database);
      const stored = await storedEntries(database, uses, clock.now());
      const live = new Set(stored.filter(({ expired }) => !expired).map(({ name }) => variableOf(name)));
      const given = (await environment.names())
        .filter((name) => !live.has(variableOf(name)))
        .map((name) => entryOf(name, usesOfVariable(uses, variableOf(name))));
      const secrets = [...stored, ...given].sort((a, b) => (a.name < b.name ? -1 : 1));
      return { masterKey: await vault.masterKey(), secrets };
    },
    set: (secret) => vault.set(secret),
    async delete(name) {
      if (await vault.delete(name)) return;
      throw new IronbarkError(
        'usage',
        `The vault has no secret "${name.slice(0, 200)}".`,
        'See: ironbark secrets list',
      );
    },
    rotate: () => vault.rotate(),
  };
}

interface StoredRow extends Row {
  readonly name: string;
  readonly set_at: Date;
  readonly expires_at: Date | null;
}

async function storedEntries(
  database: Database,
  uses: ReadonlyMap<string, SecretUses>,
  now: number,
): Promise<readonly SecretEntry[]> {
  const { rows } = await database.query<StoredRow>(
    'select name, set_at, expires_at from secret where owner = $1',
    [OWNER],
  );
  return rows.map(({ name, set_at, expires_at }) => ({
    ...entryOf(name, uses.get(name)),
    source: 'vault',
    setAt: set_at.toISOString(),
    expiresAt: expires_at?.toISOString() ?? null,
    expired: expires_at !== null && expires_at.getTime() <= now,
  }));
}

/** A tool may call by `github.token` what stands in a variable as `GITHUB_TOKEN`. */
function usesOfVariable(uses: ReadonlyMap<string, SecretUses>, variable: string): SecretUses | undefined {
  return [...uses].find(([name]) => variableOf(name) === variable)?.[1];
}

function entryOf(name: string, used: SecretUses | undefined): SecretEntry {
  return {
    name,
    source: 'environment',
    setAt: null,
    expiresAt: null,
    expired: false,
    uses: used?.uses ?? 0,
    lastUse: used?.last ?? null,
  };
}
