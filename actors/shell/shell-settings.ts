import type { ContainerLimits } from '../../src/containers/index.ts';

/** What containers for commands are like; read anew for each. */
export interface ShellSettings {
  readonly image: string;
  /** The files folder. */
  readonly root: string;
  /** Folders that containers do not see although they may lie in it: the assistant's own home. */
  readonly forbidden: readonly string[];
  readonly readOnly: boolean;
  readonly limits: ContainerLimits;
  /** How long one is kept after its last command, in milliseconds. */
  readonly idleMs: number;
}
