export type { RuntimeClock, System } from './context.ts';
export * as sys from './debug/index.ts';
export * from './durable/index.ts';
export { type Ask, type AskError, type AskOptions, ask, type ReplyAddress, reply } from './process/ask.ts';
export {
  describeExit,
  type ExitReason,
  HungError,
  IgnoreStart,
  ShutdownExit,
  StartFailure,
} from './process/exit.ts';
export { exit, type LinkExitEvent, LinkedExit, link, linksOf, trapExits, unlink } from './process/link.ts';
export { offer, send, whereis } from './process/messaging.ts';
export { type Down, type DownEvent, monitor, monitorFor } from './process/monitor.ts';
export { reportProgress, watchProgress } from './process/progress.ts';
export { createRegistry, type NameRegistry } from './process/registry.ts';
export type { TerminateReason } from './process/terminate.ts';
export {
  type PersistedActor,
  type PersistedTimer,
  persistActor,
  persistTimers,
  restoreTimers,
  resumed,
} from './process/timers.ts';
export { formatReport, type ReportFormat } from './report/format-report.ts';
export type {
  CrashReport,
  DeadLetterReason,
  DeadLetterReport,
  Offender,
  ProgressReport,
  RuntimeReport,
  SupervisorReport,
} from './report/report.ts';
export { type AutoShutdown, checkChildSpecs, InvalidSpec } from './supervisor/check-specs.ts';
export type { StartedChild } from './supervisor/child.ts';
export type {
  Backoff,
  ChildSpec,
  MailboxLimit,
  Name,
  ProgressLimit,
  RestartType,
  Shutdown,
} from './supervisor/child-spec.ts';
export { type SupervisorInit, supervisor } from './supervisor/supervisor.ts';
export type {
  DeleteResult,
  InstanceOptions,
  ReconfigureResult,
  RestartResult,
  StartResult,
  TerminateResult,
} from './supervisor/supervisor-call.ts';
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
} from './supervisor/supervisor-calls.ts';
export type { Strategy, SupervisorOptions } from './supervisor/supervisor-flags.ts';
export { SHUTDOWN_EVENT, type ShutdownEvent, type SupervisorLogic } from './supervisor/supervisor-logic.ts';
export { type ActorSystemHandle, type SystemOptions, startSystem } from './system.ts';
export {
  type BlockedReport,
  type KillOptions,
  startWatchdog,
  type Watchdog,
  type WatchdogOptions,
} from './watchdog/index.ts';
export { indexTimers } from './xstate/index.ts';
