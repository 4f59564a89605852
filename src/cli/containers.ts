import { type Containers, createContainers } from '../containers/index.ts';
import type { StartOptions } from './start-options.ts';

/** Containers of the daemon that the owner chose. */
export const openContainers = ({ config, home }: Pick<StartOptions, 'config' | 'home'>): Containers =>
  createContainers({
    home: home.path,
    ...(config.sandbox.docker_socket !== undefined && { socketPath: config.sandbox.docker_socket }),
  });
