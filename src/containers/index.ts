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
