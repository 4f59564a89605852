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
export type { Strategy } from './supervision.ts';
export { type SupervisorOptions, supervisor } from './supervisor.ts';
export {
  type ChildCounts,
  type ChildInfo,
  countChildren,
  deleteChild,
  restartChild,
  startChild,
  terminateChild,
  whichChildren,
} from './supervisor-calls.ts';
export {
  type DeleteResult,
  type RestartResult,
  SHUTDOWN_EVENT,
  type ShutdownEvent,
  type StartResult,
  type SupervisorLogic,
} from './supervisor-logic.ts';
export { type ActorSystemHandle, type SystemOptions, startSystem } from './system.ts';
