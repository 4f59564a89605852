import { SHELL_CONTAINERS } from '../actors/names.ts';
import { containerKeeper } from '../actors/shell/container-keeper.ts';
import type { ShellContainers } from '../actors/shell/shell-containers.ts';
import { warmContainerMachine } from '../machines/warm-container.ts';
import { supervisor } from '../src/runtime/index.ts';

/**
 * The containers that commands run in, and whoever starts them as they are wanted. The keeper leans on the containers:
 * after a crash of their supervisor it has each of them governed again.
 */
export const shell = (containers: ShellContainers) =>
  supervisor({
    strategy: 'rest_for_one',
    intensity: 5,
    period: 30,
    children: [
      { id: 'containers', name: SHELL_CONTAINERS, logic: warmContainers() },
      { id: 'keeper', logic: containerKeeper, input: { containers } },
    ],
  });

/** One for each conversation whose commands ran lately. What happens inside never makes one of them fail. */
const warmContainers = () =>
  supervisor({
    strategy: 'simple_one_for_one',
    intensity: 20,
    period: 10,
    children: [{ id: 'container', logic: warmContainerMachine, restart: 'transient' }],
  });
