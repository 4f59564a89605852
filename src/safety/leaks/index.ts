export { createLeakDetector, type LeakDetector, type LeakDetectorOptions } from './detector.ts';
export type { LeakAction, LeakFinding, LeakScan } from './finding.ts';
export {
  createKnownFinder,
  FEWEST_KNOWN_CHARACTERS,
  type KnownFinder,
  type KnownSecret,
  type KnownSpan,
} from './known.ts';
