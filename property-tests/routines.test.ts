import { afterEach, expect, test } from 'vitest';
import type { RoutineDraft, RoutineGuardrails, RoutineRun } from '../src/core/routines.ts';
import { claimDue, DEFAULT_ROUTINES, dispatch, insertRoutine, openRuns } from '../src/routines/index.ts';
import { readSchedule } from '../src/routines/schedule/schedule.ts';
import type { Database } from '../src/storage/index.ts';
import { openMemoryDatabase } from '../src/storage/testing/memory-database.ts';
import { randomFrom } from './random.ts';

/**
 * The ledger of due times over a real database in memory, under crashes, jumps of the clock and two engines at once.
 * Instead of models a runner is played that ends whatever was begun.
 */

const HOUR = 3_600_000;
const START = Date.parse('2026-01-01T00:00:00Z');

let database: Database;
afterEach(() => database.close());

const lightweight = {
  kind: 'lightweight',
  prompt: 'look',
  contextPaths: [],
  maxTokens: 4_096,
  useTools: false,
  maxToolRounds: 0,
} as const;

interface Made {
  readonly id: string;
  readonly schedule: string;
  readonly timezone: string;
}

async function make(
  name: string,
  schedule: string,
  timezone: string,
  guardrails: Partial<RoutineGuardrails>,
): Promise<Made> {
  const draft: RoutineDraft = {
    ...{ name, description: '', action: lightweight, conversationId: null, by: 'user', origins: [] },
    trigger: { kind: 'cron', schedule, timezone },
    guardrails,
  };
  const made = await insertRoutine(database, draft, name, START);
  if (!made) throw new Error(`not made: ${name}`);
  return { id: made.id, schedule, timezone };
}

const SETTINGS = { ...DEFAULT_ROUTINES, maxConcurrent: 10_000 };

async function claimAll(now: number): Promise<void> {
  while ((await claimDue(database, now)).more);
}

/** Ends every run under way, as its actor would. */
async function endAll(now: number): Promise<void> {
  await database.query(
    "update routine_run set status = 'ok', completed_at = $1::timestamptz where status = 'running'",
    [new Date(now)],
  );
}

/** How often each run was begun. */
const createCount = () => {
  const begun = new Map<string, number>();
  return {
    begun,
    add(runs: readonly RoutineRun[]): void {
      for (const { id } of runs) begun.set(id, (begun.get(id) ?? 0) + 1);
    },
  };
};

type LedgerRow = {
  readonly routine_id: string;
  readonly due_at: Date;
  readonly last_at: Date;
  readonly times: number;
  readonly state: string;
  readonly run_id: string | null;
};

/** What is wrong with the ledger: due times without an end or with two, and runs that began twice or not at all. */
async function faults(made: readonly Made[], until: number, begun: ReadonlyMap<string, number>) {
  const { rows } = await database.query<LedgerRow>(
    'select routine_id, due_at, last_at, times, state, run_id from routine_due order by routine_id, due_at',
  );
  const ledger = Map.groupBy(rows, ({ routine_id }) => routine_id);
  const unexplained = made.flatMap((one) => gaps(one, ledger.get(one.id) ?? [], until));
  const fired = rows.filter(({ state }) => state === 'fired');
  const open = rows.filter(({ state }) => state === 'claimed').length;
  const lost = fired.filter(({ run_id }) => begun.get(run_id ?? '') !== 1).length;
  const doubled = [...begun.values()].filter((count) => count > 1).length;
  return {
    unexplained,
    open,
    lost,
    doubled,
    due: rows.reduce((sum, { times }) => sum + times, 0),
    fired: fired.length,
  };
}

function gaps(
  { id, schedule, timezone }: Made,
  rows: readonly LedgerRow[],
  until: number,
): readonly string[] {
  const read = readSchedule(schedule, timezone);
  if (!read.ok) return [read.error];
  let at = read.value.next(START);
  for (const row of rows) {
    for (let time = 0; time < row.times; time++) {
      const first = time === 0 && at !== row.due_at.getTime();
      const last = time === row.times - 1 && at !== row.last_at.getTime();
      if (first || last || at === null)
        return [`${id} ${schedule}: ${at} is not where ${row.due_at.toISOString()} is`];
      at = read.value.next(at);
    }
  }
  return at !== null && at <= until
    ? [`${id} ${schedule}: nothing is known of ${new Date(at).toISOString()}`]
    : [];
}

const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'];

/** Most at the hours at which people want things, so that many are due at once and most hours are quiet. */
function yearOf(index: number, random: () => number): readonly [schedule: string, zone: string] {
  const below = (count: number): number => Math.floor(random() * count);
  const zone = ZONES[index % 10 === 0 ? below(ZONES.length) : 0] ?? 'UTC';
  const time = `${below(60)} ${[3, 9, 18][below(3)]}`;
  if (index < 2) return ['0 */6 * * *', zone];
  if (index < 60) return [`${time} * * *`, zone];
  if (index < 700) return [`${time} * * ${below(7)}`, zone];
  return [`${time} ${1 + below(31)} * *`, zone];
}

const MODES = ['skip', 'once', 'all'] as const;

test('a year of 1,000 routines that is restarted every hour, in the midst of things too, leaves nothing doubled and nothing unexplained', {
  timeout: 600_000,
}, async () => {
  database = await openMemoryDatabase();
  const random = randomFrom(7);
  const made: Made[] = [];
  for (let index = 0; index < 1_000; index++) {
    const [schedule, zone] = yearOf(index, random);
    const guardrails = { catchUp: MODES[index % 3] ?? 'once', jitterSeconds: index % 5 === 0 ? 120 : 0 };
    made.push(await make(`r${index}`, schedule, zone, guardrails));
  }
  const count = createCount();
  const end = START + 365 * 24 * HOUR;
  // Each hour is a life of its own, that begins with what the last one left open. Some last for nothing.
  for (let now = START + HOUR; now <= end; now += HOUR) {
    const fate = random();
    if (fate < 0.05) continue;
    await claimAll(now);
    if (fate < 0.15) continue;
    count.add((await dispatch(database, SETTINGS, now, 'UTC')).begun);
    if (fate < 0.25) continue;
    await endAll(now);
  }
  const last = end + HOUR;
  await claimAll(last);
  count.add((await dispatch(database, SETTINGS, last + 300_000, 'UTC')).begun);
  const { due, fired, ...rest } = await faults(made, last, count.begun);
  expect(rest).toEqual({ unexplained: [], open: 0, lost: 0, doubled: 0 });
  expect(due).toBeGreaterThan(50_000);
  expect(fired).toBeGreaterThan(due / 2);
});

test('two engines over one database, whose clocks differ and jump, begin nothing twice and leave nothing out', {
  timeout: 300_000,
}, async () => {
  database = await openMemoryDatabase();
  const random = randomFrom(11);
  const made: Made[] = [];
  for (let index = 0; index < 12; index++) {
    const catchUp = MODES[index % 3] ?? 'once';
    const guardrails = { catchUp, runMode: 'queued', cooldownSeconds: 0 } as const;
    made.push(await make(`r${index}`, `*/${1 + (index % 7)} * * * *`, 'UTC', guardrails));
  }
  const count = createCount();
  let latest = START;
  for (let step = 0; step < 60; step++) {
    const jump = random() < 0.1 ? (random() - 0.3) * 6 * HOUR : random() * 180_000;
    const now = Math.max(START, latest + jump);
    latest = Math.max(START, now);
    const round = async (clock: number): Promise<void> => {
      await claimAll(clock);
      if (random() < 0.8) count.add((await dispatch(database, SETTINGS, clock, 'UTC')).begun);
      if (random() < 0.8) await endAll(clock);
    };
    await Promise.all([round(now), round(now + random() * 5_000)]);
  }
  const { rows } = await database.query<{ at: Date }>('select max(accounted_until) as at from routine');
  const last = Math.max(latest, rows[0]?.at.getTime() ?? 0);
  await claimAll(last);
  for (let open = true; open; ) {
    const { begun } = await dispatch(database, SETTINGS, last, 'UTC');
    count.add(begun);
    await endAll(last);
    open = begun.length > 0;
  }
  const { due, ...rest } = await faults(made, last, count.begun);
  expect(rest).toMatchObject({ unexplained: [], open: 0, lost: 0, doubled: 0 });
  expect(due).toBeGreaterThan(1_000);
  expect(await openRuns(database)).toEqual([]);
});
