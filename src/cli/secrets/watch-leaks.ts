import type { Logger } from 'pino';
import { createLeakDetector, type LeakDetector } from '../../safety/index.ts';
import {
  combinedSecrets,
  createKnownSecrets,
  type Environment,
  environmentSecrets,
  Secret,
  type Vault,
} from '../../secrets/index.ts';

export interface LeakWatchOptions {
  readonly vault: Vault;
  readonly env: Environment;
  /** Of the language models' providers. */
  readonly modelKeys: readonly string[];
  readonly log: Logger;
}

/** Looks for secrets in texts: for what looks like one, and for all that this assistant holds. */
export function watchLeaks({ vault, env, modelKeys, log }: LeakWatchOptions): {
  readonly leaks: LeakDetector;
  readonly knownReady: () => Promise<void>;
} {
  const known = createKnownSecrets({
    secrets: combinedSecrets(vault, environmentSecrets(env)),
    others: modelKeys.map((key) => new Secret('llm.api_key', key)),
    onChange: vault.onChange,
    onTrouble: (error, secret) => log.warn({ err: error, secret }, 'a secret is not looked for in texts'),
  });
  return { leaks: createLeakDetector({ known: known.current }), knownReady: known.ready };
}
