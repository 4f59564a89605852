export { ownFault } from './own-fault.ts';
export type { RepairSettings } from './settings.ts';
export {
  attemptStatement,
  failureStatement,
  sourceStatement,
  type ToolFailure,
  toolFailures,
  workedStatement,
} from './tool-failures.ts';
export { brokenNote, brokenNotice, leftAlone, repairOrder, shortError } from './words.ts';
