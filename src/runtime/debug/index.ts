export { chartOf } from './chart.ts';
export { resume, suspend, terminate } from './control.ts';
export {
  getLog,
  getStatistics,
  install,
  log,
  noDebug,
  remove,
  type Statistics,
  statistics,
  trace,
} from './install.ts';
export { activeStates, machineOf, nextTransitions, pendingTimers, waitingEvents } from './live-machine.ts';
export { pureBegin, pureStep, takenBy } from './pure-step.ts';
export type { RuntimeFact, TransitionFact } from './record.ts';
export { type ActorState, getState, type NotReplaced, replaceState } from './state.ts';
export type { DebugEvent, NotDebuggable } from './tap.ts';
