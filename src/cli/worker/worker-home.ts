import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, loadConfig } from '../../config/index.ts';
import type { JobBrief } from '../../core/orchestrator.ts';
import { type Home, openHome } from '../../storage/index.ts';

/** What the container is the border of: files and commands in it. Nothing here reaches anybody outside of it. */
export const WORKER_TOOLS: readonly string[] = [
  'apply_patch',
  'file_undo',
  'glob',
  'grep',
  'json',
  'list_dir',
  'plan_update',
  'read_file',
  'result_read',
  'shell',
  'time',
  'write_file',
];

/**
 * Nobody is there to be asked, and nothing can be reached from here that is not this job's: the container decides what
 * is possible, and all of that is allowed. What the tools themselves refuse stays refused.
 */
const RULES = [
  ...WORKER_TOOLS.map(
    (tool) => `[[rules]]\ntool = "${tool}"\napproval = "never"\neven_if_influenced = true\n`,
  ),
  '[[rules]]\ntool = "*"\napproval = "forbidden"\n',
].join('\n');

/** The home folder of the assistant inside, as far as it needs one. */
export function openWorkerHome(
  state: string,
  workspace: string,
  brief: JobBrief,
): { readonly home: Home; readonly config: Config } {
  const home = openHome(join(state, 'home'));
  writeFileSync(home.policyFile, RULES);
  const { timezone, limits } = brief;
  const config = loadConfig({
    home: home.path,
    env: {
      IRONBARK_FILES_ROOT: workspace,
      IRONBARK_AGENT_MAX_ITERATIONS: String(Math.min(Math.max(limits.iterations, 1), 1000)),
      // It has this one thing to do.
      IRONBARK_HEARTBEAT_ENABLED: 'false',
      IRONBARK_HYGIENE_ENABLED: 'false',
      IRONBARK_REPAIR_ENABLED: 'false',
      IRONBARK_MEMORY_CONSOLIDATE: 'false',
      IRONBARK_MEMORY_EPISODES: 'false',
      IRONBARK_EMBEDDINGS_PROVIDER: 'off',
      IRONBARK_SECRETS_KEYCHAIN: 'false',
      IRONBARK_USER_TIMEZONE: timezone,
    },
  });
  return { home, config };
}
