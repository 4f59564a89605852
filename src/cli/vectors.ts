import type { Config, Environment } from '../config/index.ts';
import type { Clock } from '../core/clock.ts';
import { createVectors, embeddingModelOf, type Vectors } from '../memory/index.ts';
import type { Vault } from '../secrets/index.ts';
import type { Database } from '../storage/index.ts';
import { releaseStartMemory } from './start-memory.ts';

interface VectorParts {
  readonly config: Config;
  readonly env: Environment;
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  /** Tells this process from others on the same database. */
  readonly holder: string;
}

/**
 * The vectors of memory as they are configured. Nothing is loaded or asked before the first of them is wanted. Throws a
 * `config` error where the settings contradict each other.
 */
export function openVectors({ config, env, database, vault, clock, holder }: VectorParts): Vectors {
  return createVectors({
    database,
    clock,
    holder,
    env,
    llm: config.llm,
    model: embeddingModelOf(config.embeddings),
    vaultNames: () => vault.names(),
    readKey: async (name) => (await vault.get(name))?.expose(),
    // V8 keeps what a thread had for the next one: 50 MB.
    onRested: () => void releaseStartMemory(),
  });
}
