import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { LoopDelay } from '../../src/core/inspect.ts';

/** Measures by how much the event loop is late, while somebody wants to know. */
export interface LoopMeter {
  /** Since the last reading. */
  read(): LoopDelay;
  stop(): void;
}

/** Each look costs a timer; at this one, delays from 10 ms on are seen well. */
const RESOLUTION_MS = 10;

export function startLoopMeter(): LoopMeter {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  /** What is measured includes the wait that was asked for. */
  const late = (nanoseconds: number): number =>
    Number.isFinite(nanoseconds) ? Math.max(0, Math.round(nanoseconds / 1e5 - RESOLUTION_MS * 10) / 10) : 0;
  return {
    read() {
      const { mean, max } = histogram;
      const delay = {
        meanMs: late(mean),
        p99Ms: late(histogram.percentile(99)),
        maxMs: histogram.count === 0 ? 0 : late(max),
      };
      histogram.reset();
      return delay;
    },
    stop: () => void histogram.disable(),
  };
}
