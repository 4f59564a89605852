export type { ChildSpec, MailboxLimit, RestartType, Shutdown } from './child-spec.ts';
export type { RuntimeClock, System } from './context.ts';
export { describeExit, type ExitReason, ShutdownExit, StartFailure } from './exit.ts';
export { send, whereis } from './messaging.ts';
export type { DeadLetterReason, SupervisorReport } from './report.ts';
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
