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
export { type ActorState, getState, type NotReplaced, replaceState } from './state.ts';
export type { DebugEvent, NotDebuggable } from './tap.ts';
