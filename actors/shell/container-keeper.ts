import { fromCallback } from 'xstate';
import { startInstance, whereis } from '../../src/runtime/index.ts';
import { SHELL_CONTAINERS } from '../names.ts';
import type { ShellContainers } from './shell-containers.ts';

export interface ContainerKeeperInput {
  readonly containers: ShellContainers;
}

/** Starts the actor of each container that commands want, and removes at its own start what nobody governs. */
export const containerKeeper = fromCallback<{ type: 'none' }, ContainerKeeperInput>(
  ({ input: { containers }, system }) => {
    void containers.sweep();
    return containers.onWanted((id, input) => {
      const supervisor = whereis(system, SHELL_CONTAINERS);
      // Where there is none just now, the keeper is started again after it and is told anew.
      if (supervisor) void startInstance(supervisor, input, { id });
    });
  },
);
