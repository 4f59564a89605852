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
export type { Refusal, RefusalRule } from './refusals/refusal.ts';
export { createRefusalLog, type RefusalLog, type RefusalLogParts } from './refusals/refusal-log.ts';
export { refusalsIn } from './refusals/refusals-in.ts';
export { withRefusals } from './refusals/with-refusals.ts';
