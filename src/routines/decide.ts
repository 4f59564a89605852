import type { RoutineGuardrails, RoutineTrigger } from '../core/routines.ts';

/** A run that waits to begin, with what its routine says of that. Times are milliseconds since the Unix epoch. */
export interface WaitingRun {
  readonly id: string;
  readonly routineId: string;
  readonly kind: RoutineTrigger['kind'];
  readonly patient: boolean;
  readonly readyAt: number;
  readonly guardrails: RoutineGuardrails;
  readonly lastRunAt: number | null;
  /** Why none of its routine may start now, whoever wants it; null: it may. */
  readonly refusal: string | null;
}

export interface Decisions {
  readonly begin: readonly WaitingRun[];
  readonly skip: readonly { readonly run: WaitingRun; readonly reason: string }[];
  /** Ids of runs that give way to one that begins. */
  readonly replaced: readonly string[];
  /** Routines with runs that stay where they are, because others run. */
  readonly waiting: readonly string[];
}

/** Runs of one routine that may wait behind one another; what comes after them is skipped. */
const LONGEST_QUEUE = 100;

/**
 * What becomes of the runs that are ready, oldest first: each begins, is skipped, or waits. Where there are fewer slots
 * than runs, the oldest have them, whosever they are.
 *
 * @param waiting ready ones, oldest first
 * @param running ids of the runs under way, by routine
 * @param slots how many may run at once, all in all
 * @param now milliseconds since the Unix epoch
 */
export function decide(
  waiting: readonly WaitingRun[],
  running: ReadonlyMap<string, readonly string[]>,
  slots: number,
  now: number,
): Decisions {
  const begin: WaitingRun[] = [];
  const skip: { run: WaitingRun; reason: string }[] = [];
  const replaced: string[] = [];
  const kept = new Map<string, number>();
  const latest = new Map(waiting.map((run) => [run.routineId, run.id]));
  let free = slots - [...running.values()].reduce((sum, ids) => sum + ids.length, 0);

  for (const run of waiting) {
    const live = running.get(run.routineId) ?? [];
    const fresh = begin.filter(({ routineId }) => routineId === run.routineId);
    const behind = kept.get(run.routineId) ?? 0;
    const verdict = verdictOn(run, {
      live: live.length + fresh.length,
      fresh: fresh.length,
      behind,
      isLatest: latest.get(run.routineId) === run.id,
      lastRunAt: fresh.length > 0 ? now : run.lastRunAt,
      now,
    });
    const gives = verdict.kind === 'replace' ? live.length : 0;
    if (verdict.kind === 'skip') skip.push({ run, reason: verdict.reason });
    else if (verdict.kind === 'wait' || free + gives <= 0) kept.set(run.routineId, behind + 1);
    else {
      free += gives - 1;
      if (gives > 0) replaced.push(...live);
      begin.push(run);
    }
  }
  return { begin, skip, replaced, waiting: [...kept.keys()] };
}

interface Situation {
  /** Runs of the same routine that are under way. */
  readonly live: number;
  /** Those of them that begin just now. */
  readonly fresh: number;
  /** Older ones of it that wait. */
  readonly behind: number;
  readonly isLatest: boolean;
  readonly lastRunAt: number | null;
  readonly now: number;
}

type Verdict =
  | { readonly kind: 'begin' | 'wait' | 'replace' }
  | { readonly kind: 'skip'; readonly reason: string };

function verdictOn(run: WaitingRun, situation: Situation): Verdict {
  const { guardrails, patient, refusal } = run;
  if (refusal !== null) return skipped(refusal);
  const rest = patient || run.kind === 'manual' ? 0 : restMs(guardrails, situation);
  if (rest > 0) return skipped(`It rests for another ${Math.ceil(rest / 1000)} s after its last start.`);
  const { live, fresh, behind, isLatest } = situation;
  switch (guardrails.runMode) {
    case 'single':
      return live === 0 ? BEGIN : patient ? WAIT : skipped('It was still running.');
    case 'queued':
      if (live === 0 && behind === 0) return BEGIN;
      return behind < LONGEST_QUEUE ? WAIT : skipped(`${LONGEST_QUEUE} were waiting already.`);
    case 'parallel':
      if (live < guardrails.maxConcurrent) return BEGIN;
      return patient ? WAIT : skipped(`${live} of it were running already.`);
    case 'restart':
      if (!isLatest && !patient) return skipped('One that came later took its place.');
      if (live === 0) return BEGIN;
      return patient || fresh > 0 ? WAIT : { kind: 'replace' };
  }
}

const BEGIN = { kind: 'begin' } as const;
const WAIT = { kind: 'wait' } as const;
const skipped = (reason: string): Verdict => ({ kind: 'skip', reason });

/** How long it must still rest; a clock that was put back does not make it longer than it was. */
function restMs({ cooldownSeconds }: RoutineGuardrails, { lastRunAt, now }: Situation): number {
  if (lastRunAt === null || cooldownSeconds === 0) return 0;
  return cooldownSeconds * 1000 - Math.max(0, now - lastRunAt);
}
