export { cutToBytes } from './cut.ts';
export { findInjections, type InjectionFinding, isAtLeast } from './injection.ts';
export {
  createKnownFinder,
  createLeakDetector,
  FEWEST_KNOWN_CHARACTERS,
  type KnownFinder,
  type KnownSecret,
  type KnownSpan,
  type LeakAction,
  type LeakDetector,
  type LeakDetectorOptions,
  type LeakFinding,
  type LeakScan,
} from './leaks/index.ts';
export type { Severity } from './phrases.ts';
export { MAX_SHOWN_BYTES, wrapToolOutput } from './tool-output.ts';
