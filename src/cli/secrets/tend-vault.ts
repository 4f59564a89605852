import type { Logger } from 'pino';
import { coerceError } from '../../core/errors.ts';
import type { Vault } from '../../secrets/index.ts';

/**
 * Goes on with a rotation that was cut off, and says in the log, once, what is wrong with the master key or could be
 * safer. Resolves when that was looked at for the first time; never rejects: without its vault an assistant can still
 * do everything that needs no secret.
 */
export async function tendVault(vault: Vault, log: Logger): Promise<void> {
  let told: string | null = null;
  async function tell(): Promise<void> {
    const { warning, problem } = await vault.masterKey();
    const text = problem ?? warning;
    if (text !== null && text !== told) log.warn(text);
    told = text;
  }
  const failed = (thrown: unknown): void =>
    log.warn({ err: coerceError(thrown) }, 'the vault of secrets cannot be used');
  await vault.resume().catch(failed);
  await tell().catch(failed);
  vault.onChange(() => void tell().catch(failed));
}
