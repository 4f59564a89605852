import type { ConsolidatorDesk, Looked } from '../machines/consolidator.ts';
import type { Clock } from '../src/core/clock.ts';
import { ulids } from '../src/core/ids.ts';
import type { MemoryTidyDesk, TidyReport } from '../src/core/memory.ts';
import type { Condense } from '../src/memory/consolidate/fold-steps.ts';
import { endLease, isQuiet, lastTidied, takeLease } from '../src/memory/consolidate/lease.ts';
import { untilNextRun } from '../src/memory/consolidate/next-run.ts';
import { readSteps, stepsOfRun, undoStep } from '../src/memory/consolidate/steps.ts';
import {
  foreseenSteps,
  PHASES,
  type Run,
  type TidyParts,
  tidyPhase,
} from '../src/memory/consolidate/tidy.ts';
import type { Memory } from '../src/memory/index.ts';
import { expiredDocuments } from '../src/memory/rules/expired.ts';
import type { Database } from '../src/storage/index.ts';
import { condenseBy } from './condense.ts';
import type { Environment } from './environment.ts';

/** Tidying by itself, at night. */
export type Tidying = ConsolidatorDesk & { look(): Promise<Looked>; end(): Promise<void> };

/** Nobody has said anything for so long, in milliseconds: then a step disturbs nobody. */
const QUIET_MS = 120_000;

export function createTidying(env: Environment): Tidying {
  const { database, clock, log, settings } = env;
  const holder = env.ids.next();
  let run: Run = { id: env.ids.next(), steps: 0 };
  let condense = condenseBy(env, run.id);

  const isUndisturbed = async (signal: AbortSignal): Promise<boolean> =>
    !signal.aborted && (await isQuiet(database, clock.now(), QUIET_MS));

  return {
    async look() {
      const now = clock.now();
      const waitMs = untilNextRun(now, await lastTidied(database), settings.timezone);
      if (waitMs > 0) return { kind: 'later', waitMs };
      const isFree = (await isQuiet(database, now, QUIET_MS)) && (await takeLease(database, holder, now));
      return { kind: isFree ? 'due' : 'busy' };
    },
    async tidy(phase, signal) {
      if (!(await takeLease(database, holder, clock.now()))) return 'disturbed';
      return tidyPhase(partsOf(env, condense), phase, run, () => isUndisturbed(signal));
    },
    async end() {
      await endLease(database, holder, { now: clock.now(), finished: true });
      if (run.steps > 0) log.info({ run: run.id, steps: run.steps }, 'memory was tidied');
      run = { id: env.ids.next(), steps: 0 };
      condense = condenseBy(env, run.id);
    },
  };
}

export interface TidyDeskParts {
  readonly database: Database;
  readonly memory: Memory;
  readonly clock: Clock;
  /** Where a model may be asked. */
  readonly condense?: (run: string) => Condense;
}

/** Tidying when a person wants it, whether or not anybody talks. */
export function openTidyDesk(parts: TidyDeskParts): MemoryTidyDesk {
  const { database, clock } = parts;
  const ids = ulids(clock.now);

  async function tidy(): Promise<TidyReport> {
    const run = { id: ids.next(), steps: 0 };
    if (!(await takeLease(database, run.id, clock.now()))) return { steps: [], busy: BUSY };
    const work = partsOf(parts, parts.condense?.(run.id) ?? NO_MODEL);
    let finished = false;
    try {
      for (const phase of PHASES) await tidyPhase(work, phase, run, async () => true);
      finished = true;
    } finally {
      await endLease(database, run.id, { now: clock.now(), finished });
    }
    return { steps: await stepsOfRun(database, run.id) };
  }

  return {
    tidy: async ({ dryRun }) => (dryRun ? { steps: await foreseenSteps(partsOf(parts, NO_MODEL)) } : tidy()),
    steps: (limit) => readSteps(database, limit),
    async undo(stepId) {
      const undone = await undoStep(database, stepId, clock.now());
      return undone.ok
        ? { undone: true, message: `Undone: everything is as it was before the step ${stepId}.` }
        : { undone: false, message: undone.error };
    },
  };
}

const BUSY = 'Memory is being tidied just now.';
const NO_MODEL: Condense = async () => undefined;

function partsOf({ database, memory, clock }: TidyDeskParts, condense: Condense): TidyParts {
  return {
    database,
    memory,
    clock,
    ids: ulids(clock.now),
    condense,
    expired: async (now) =>
      (await expiredDocuments(database, now)).map(({ path, version, retentionDays }) => ({
        path,
        version,
        reason: `${path} did not change for ${retentionDays} days, and its folder keeps nothing longer.`,
      })),
    breathe: breather(),
  };
}

/** So long the event loop is held at most before others have their turn, in milliseconds. */
const SLICE_MS = 8;

function breather(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < SLICE_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    since = performance.now();
  };
}
