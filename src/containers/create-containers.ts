import type { Containers } from './containers.ts';
import type { ContainersOptions } from './docker/create-containers.ts';

/** Containers of Docker. Nothing of it is loaded before the first use: most never use any. */
export function createContainers(options: ContainersOptions): Containers {
  let opened: Promise<Containers> | undefined;
  const open = (): Promise<Containers> => {
    opened ??= import('./docker/create-containers.ts').then(({ createDockerContainers }) =>
      createDockerContainers(options),
    );
    return opened;
  };
  return {
    probe: async () => (await open()).probe(),
    hasImage: async (image) => (await open()).hasImage(image),
    start: async (order, signal) => (await open()).start(order, signal),
    mine: async () => (await open()).mine(),
    adopt: async (id) => (await open()).adopt(id),
  };
}
