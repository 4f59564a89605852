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
export { createContainers } from './docker/create-containers.ts';
export { daemonSocket } from './docker/daemon-socket.ts';
export { type BuildOutcome, buildImage, SANDBOX_IMAGE } from './image/build-image.ts';
