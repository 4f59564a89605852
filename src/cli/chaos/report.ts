import type { Course, Plan } from './campaign.ts';
import type { FaultKind } from './fault.ts';
import type { Wound } from './recovery.ts';

/** Milliseconds from a fault until what stood there was back at work; null where none was. */
export interface RecoveryTimes {
  readonly faults: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly maxMs: number | null;
}

/** What a run came to, as `--json` prints it. `Checked` is what was looked at for loss and doubling. */
export interface ChaosReport<Checked extends object = object> {
  readonly seed: number;
  readonly held: boolean;
  readonly faults: number;
  readonly elapsedMs: number;
  /** By the kinds that were asked for; no faults where none of the actors could suffer that kind. */
  readonly recovery: { readonly [kind in FaultKind]?: RecoveryTimes };
  /** How often each actor was hit, those hit most first. */
  readonly victims: readonly { readonly path: string; readonly faults: number }[];
  readonly checked: Checked;
  /** What did not hold, a sentence each. */
  readonly problems: readonly string[];
  /** The command that does the same again. */
  readonly replay: string;
  readonly course: readonly Wound[];
}

export function reportOn<Checked extends object>(
  course: Course,
  checked: Checked,
  { seed, kinds }: Plan,
  replay: string,
): ChaosReport<Checked> {
  const { wounds, elapsedMs, problems } = course;
  return {
    seed,
    held: problems.length === 0,
    faults: wounds.length,
    elapsedMs: Math.round(elapsedMs),
    recovery: Object.fromEntries(
      kinds.map((kind) => [kind, timesOf(wounds.filter((wound) => wound.kind === kind))]),
    ),
    victims: victimsOf(wounds),
    checked,
    problems,
    replay,
    course: wounds,
  };
}

function timesOf(wounds: readonly Wound[]): RecoveryTimes {
  const times = wounds.flatMap(({ recoveredMs }) => recoveredMs ?? []).sort((a, b) => a - b);
  const quantile = (share: number) => {
    const time = times[Math.max(0, Math.ceil(times.length * share) - 1)];
    return time === undefined ? null : Math.round(time);
  };
  return { faults: wounds.length, p50Ms: quantile(0.5), p95Ms: quantile(0.95), maxMs: quantile(1) };
}

/** The actors of one piece of work are numbered; here they count as one. */
function victimsOf(wounds: readonly Wound[]): ChaosReport['victims'] {
  return [...Map.groupBy(wounds, ({ path }) => path.replaceAll(/#\d+/g, ''))]
    .map(([path, { length }]) => ({ path, faults: length }))
    .sort((a, b) => b.faults - a.faults || (a.path < b.path ? -1 : 1));
}
