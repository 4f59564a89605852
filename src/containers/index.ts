export { ContainerError } from './container-error.ts';
export type {
  Container,
  ContainerEnd,
  ContainerLimits,
  ContainerOrder,
  ContainerPurpose,
  ContainerStats,
  Containers,
  DaemonState,
  ExecOrder,
  ExecResult,
  FoundContainer,
} from './containers.ts';
export { createContainers } from './create-containers.ts';
export { daemonSocket } from './docker/daemon-socket.ts';
export type { BuildOutcome } from './image/build-image.ts';
export { buildImage } from './image/build-lazily.ts';
export { SANDBOX_IMAGE } from './image/image-name.ts';
