import { createShellContainers, type ShellContainers } from '../../actors/shell/shell-containers.ts';
import type { ShellSettings } from '../../actors/shell/shell-settings.ts';
import type { Config } from '../config/index.ts';
import { type ContainerLimits, type Containers, SANDBOX_IMAGE } from '../containers/index.ts';
import type { Egress } from '../egress/index.ts';
import type { LiveConfig } from './live-config.ts';
import type { StartOptions } from './start-options.ts';

interface Given {
  readonly containers: Containers;
  readonly egress: () => Egress;
  readonly root: string;
}

/** Where the shell tool runs its commands; undefined: on this machine. */
export function openShellContainers(
  { home, log }: StartOptions,
  live: LiveConfig,
  { containers, egress, root }: Given,
): ShellContainers | undefined {
  if (!live.current.sandbox.enabled) return undefined;
  const settings: ShellSettings = {
    root,
    forbidden: [home.path],
    get image() {
      return live.current.sandbox.image ?? SANDBOX_IMAGE;
    },
    get readOnly() {
      return live.current.sandbox.workspace === 'read-only';
    },
    get limits() {
      return containerLimits(live.current);
    },
    get idleMs() {
      return live.current.sandbox.idle_minutes * 60_000;
    },
  };
  return createShellContainers({ containers, egress, settings, log });
}

/** What each container may take of this machine. */
export const containerLimits = ({ sandbox }: Config): ContainerLimits => ({
  memoryMb: sandbox.memory_mb,
  cpus: sandbox.cpus,
  processes: sandbox.processes,
  temporaryMb: sandbox.temporary_mb,
  workspaceMb: sandbox.workspace_growth_mb,
});
