import { join } from 'node:path';
import type { Config, Environment } from '../../config/index.ts';
import type { Clock } from '../../core/clock.ts';
import { PACKAGE_ROOT } from '../../core/package-root.ts';
import type { SecretsDesk } from '../../core/secrets.ts';
import {
  createMasterKeys,
  createSecretsDesk,
  createVault,
  environmentSecrets,
  type Vault,
} from '../../secrets/index.ts';
import { type Database, type Home, openDatabase } from '../../storage/index.ts';

/** The secrets over a database, whoever opened it. Nothing is read before something is asked for. */
export function createSecrets(
  database: Database,
  clock: Clock,
  { home, env }: { readonly home: string; readonly env: Environment },
): { readonly vault: Vault; readonly secrets: SecretsDesk } {
  const vault = createVault({ database, clock, keys: createMasterKeys({ env, home }) });
  const environment = environmentSecrets(env);
  return { vault, secrets: createSecretsDesk({ vault, environment, database, clock }) };
}

/** The database of a home folder that the caller holds. */
export function openHomeDatabase(
  home: Home,
  config: Config,
  onNotice: (notice: string) => void = () => {},
): Promise<Database> {
  return openDatabase({
    ...(config.database.url === undefined ? {} : { url: config.database.url }),
    dataDir: home.databaseDir,
    migrationsDir: join(PACKAGE_ROOT, 'migrations'),
    onNotice,
  });
}
