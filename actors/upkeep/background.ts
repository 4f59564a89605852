import type { JsonObject } from '../../src/core/json.ts';
import type { Environment } from '../environment.ts';

/** What jobs of the kind `background` do, by name. Each may be done again where the process died during it. */
export function backgroundWork(env: () => Environment): NonNullable<Environment['background']> {
  return new Map([['hygiene', (args, signal) => cleanNow(env(), args, signal)]]);
}

async function cleanNow(
  env: Environment,
  { dry_run: dryRun }: JsonObject,
  signal: AbortSignal,
): Promise<string> {
  const { clean, foreseenCleaning } = await import('./clean.ts');
  const report = dryRun === true ? await foreseenCleaning(env) : await clean(env, signal);
  if (!report) return 'Nothing was removed: another process does it just now.';
  const lines = Object.entries(report).map(([what, count]) => `${count} ${what}`);
  if (lines.length === 0) return 'Nothing is too old.';
  return `${dryRun === true ? 'Too old' : 'Removed'}: ${lines.join(', ')}.`;
}
