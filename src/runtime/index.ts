export { type AutoShutdown, checkChildSpecs, InvalidSpec } from './check-specs.ts';
export type { StartedChild } from './child.ts';
export type {
  Backoff,
  ChildSpec,
  MailboxLimit,
  Name,
  ProgressLimit,
  RestartType,
  Shutdown,
} from './child-spec.ts';
export type { RuntimeClock, System } from './context.ts';
export {
  describeExit,
  type ExitReason,
  HungError,
  IgnoreStart,
  ShutdownExit,
  StartFailure,
} from './exit.ts';
export { send, whereis } from './messaging.ts';
export { createRegistry, type NameRegistry } from './registry.ts';
export type {
  CrashReport,
  DeadLetterReason,
  DeadLetterReport,
  Offender,
  ProgressReport,
  RuntimeReport,
  SupervisorReport,
} from './report.ts';
export { type SupervisorInit, supervisor } from './supervisor.ts';
export type {
  DeleteResult,
  ReconfigureResult,
  RestartResult,
  StartResult,
  TerminateResult,
} from './supervisor-call.ts';
export {
  type ChildCounts,
  type ChildInfo,
  countChildren,
  deleteChild,
  getChildSpec,
  reconfigure,
  restartChild,
  startChild,
  startInstance,
  terminateChild,
  terminateInstance,
  whichChildren,
} from './supervisor-calls.ts';
export type { Strategy, SupervisorOptions } from './supervisor-flags.ts';
export { SHUTDOWN_EVENT, type ShutdownEvent, type SupervisorLogic } from './supervisor-logic.ts';
export { type ActorSystemHandle, type SystemOptions, startSystem } from './system.ts';
