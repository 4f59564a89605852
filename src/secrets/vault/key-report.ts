import { IronbarkError } from '../../core/errors.ts';
import type { MasterKeyReport } from '../../core/secrets.ts';
import type { MasterKey } from '../master-key/master-key.ts';
import type { MasterKeys } from '../master-key/master-keys.ts';

export async function keyReport(key: MasterKey | undefined, keys: MasterKeys): Promise<MasterKeyReport> {
  if (key === undefined) return { source: null, warning: null, problem: null };
  const preferred = (await keys.given()).find(({ former }) => !former);
  const isBehind = preferred !== undefined && preferred.id !== key.id && preferred.source !== key.source;
  return {
    source: key.source,
    warning: isBehind || key.former ? BEHIND : keys.warningOf(key),
    problem: null,
  };
}

const BEHIND =
  'The secrets are still encrypted with a former master key. To move them to the one that is given now, run: ironbark secrets rotate';

/** What is wrong with the key, for a person. Anything else is not about the key and is thrown on. */
export function asProblem(thrown: unknown): MasterKeyReport {
  if (!(thrown instanceof IronbarkError) || thrown.kind !== 'config') throw thrown;
  const problem = thrown.explanation;
  return { source: null, warning: null, problem };
}
