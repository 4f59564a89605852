export { type Ask, type AskError, type AskOptions, ask, type ReplyAddress, reply } from './ask.ts';
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
export * as sys from './debug/index.ts';
export * from './durable/index.ts';
export {
  describeExit,
  type ExitReason,
  HungError,
  IgnoreStart,
  ShutdownExit,
  StartFailure,
} from './exit.ts';
export { formatReport, type ReportFormat } from './format-report.ts';
export { exit, type LinkExitEvent, LinkedExit, link, linksOf, trapExits, unlink } from './link.ts';
export { offer, send, whereis } from './messaging.ts';
export { type Down, type DownEvent, monitor, monitorFor } from './monitor.ts';
export { reportProgress, watchProgress } from './progress.ts';
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
  InstanceOptions,
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
export type { TerminateReason } from './terminate.ts';
export {
  type PersistedActor,
  type PersistedTimer,
  persistActor,
  persistTimers,
  restoreTimers,
  resumed,
} from './timers.ts';
export {
  type BlockedReport,
  type KillOptions,
  startWatchdog,
  type Watchdog,
  type WatchdogOptions,
} from './watchdog/index.ts';
export { indexTimers } from './xstate/index.ts';
