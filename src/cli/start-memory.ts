import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** For so long little must have happened. */
const QUIET_MS = 3_000;

/** Share of that time that the event loop may have been busy. */
const QUIET_UTILIZATION = 0.05;

/** A breath between two collections, so that requests come in between. */
const BREATH_MS = 100;

/**
 * Gives back what only the start needed. V8 has grown the room for new objects to 15 MB by then and keeps it while
 * little happens: an idle process shrinks by some 15 MB. Collected in three steps, because the last alone would take
 * longer than the event loop may be held up.
 */
export async function releaseStartMemory(): Promise<void> {
  await quiet();
  const collect = collector();
  collect({ type: 'minor' });
  await wait(BREATH_MS, undefined, { ref: false });
  collect({ type: 'major' });
  await wait(BREATH_MS, undefined, { ref: false });
  collect({ type: 'major', flavor: 'last-resort' });
}

/** Whoever is at work goes on faster without it: V8 lets go of compiled code as well. */
async function quiet(): Promise<void> {
  for (;;) {
    const before = performance.eventLoopUtilization();
    await wait(QUIET_MS, undefined, { ref: false });
    if (performance.eventLoopUtilization(before).utilization < QUIET_UTILIZATION) return;
  }
}

type Collect = (options: NodeJS.GCOptions) => void;

/** V8's own function, which only a context made while the flag is set has. */
function collector(): Collect {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return isCollector(collect) ? collect : () => {};
}

function isCollector(value: unknown): value is Collect {
  return typeof value === 'function';
}
