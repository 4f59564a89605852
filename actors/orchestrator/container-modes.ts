import type { ContainerMode } from './container-plan.ts';
import { mountedProgram } from './program.ts';

/** Our own loop, inside. */
export const workerMode = (): ContainerMode => ownProgram('worker', 'worker', () => []);

/**
 * A foreign program, led by a command of ours that speaks its language.
 *
 * @param args for the command, read anew for each container
 */
export const bridgeMode = (
  mode: ContainerMode['mode'],
  command: string,
  args: () => readonly string[],
): ContainerMode => ownProgram(mode, command, args);

function ownProgram(
  mode: ContainerMode['mode'],
  command: string,
  args: () => readonly string[],
): ContainerMode {
  const { path, readOnly } = mountedProgram();
  return {
    mode,
    command: (jobId) => ['node', path, command, '--job-id', jobId, ...args()],
    environment: {
      HOME: '/state',
      // Compiled code, for the next container of the same job.
      XDG_CACHE_HOME: '/state/cache',
      MALLOC_ARENA_MAX: '1',
    },
    readOnly,
  };
}
