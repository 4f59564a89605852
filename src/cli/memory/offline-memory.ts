import type { Logger } from 'pino';
import { createMemoryDesk } from '../../../actors/memory-desk.ts';
import type { Config, Environment } from '../../config/index.ts';
import type { Clock } from '../../core/clock.ts';
import type { MemoryDesk } from '../../core/memory.ts';
import { createMemory } from '../../memory/index.ts';
import { createRedactText } from '../../safety/index.ts';
import type { Database } from '../../storage/index.ts';
import { modelKeys } from '../secrets/model-keys.ts';
import { createSecrets } from '../secrets/open-secrets.ts';
import { watchLeaks } from '../secrets/watch-leaks.ts';

interface OfflineParts {
  readonly home: string;
  readonly env: Environment;
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Memory over a database that no assistant runs on: what is written is looked through for secrets all the same. */
export function createOfflineMemory(
  database: Database,
  { home, env, config, log, clock }: OfflineParts,
): MemoryDesk {
  const { vault } = createSecrets(database, clock, { home, env, config, actor: 'command line' });
  const watch = watchLeaks({ vault, env, modelKeys: modelKeys(config, env), log });
  const memory = createMemory(database, clock, createRedactText(watch.leaks, watch.knownReady), {
    layers: config.memory.layers,
  });
  return createMemoryDesk({ database, memory, clock, vectors: { status: async () => UNKNOWN } });
}

/** Vectors belong to the process that makes them. */
const UNKNOWN = { embedded: 0, pending: 0, trouble: 'not looked at: no assistant runs' };
