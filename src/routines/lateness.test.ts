import { afterEach, expect, test } from 'vitest';
import type { RoutineDraft } from '../core/routines.ts';
import type { Database } from '../storage/index.ts';
import { openMemoryDatabase } from '../storage/testing/memory-database.ts';
import { claimDue, countRoutines, DEFAULT_ROUTINES, dispatch, insertRoutine } from './index.ts';

const START = Date.parse('2026-11-22T08:59:59Z');
const NINE = START + 1_000;
const DAY_MS = 86_400_000;

let database: Database;
afterEach(() => database.close());

async function make(name: string, kind: 'cron' | 'manual'): Promise<void> {
  const action = {
    kind: 'lightweight',
    prompt: 'look',
    contextPaths: [],
    maxTokens: 256,
    useTools: false,
  } as const;
  const draft: RoutineDraft = {
    ...{ name, description: '', conversationId: null, by: 'user', origins: [] },
    action: { ...action, maxToolRounds: 0 },
    trigger: kind === 'cron' ? { kind, schedule: '0 9 * * *', timezone: 'UTC' } : { kind },
  };
  if (!(await insertRoutine(database, draft, name, START))) throw new Error(`not made: ${name}`);
}

const counts = (now: number) => countRoutines(database, { midnight: NINE, now, alarmMs: 60_000 });

test('how late runs of the last day began is counted, but for those that were made up for', async () => {
  database = await openMemoryDatabase();
  for (let n = 0; n < 10; n++) await make(`r${n}`, 'cron');
  await make('by hand', 'manual');
  await claimDue(database, NINE);
  // One slot more each second, so that they begin 0, 1, 2 … 9 seconds late.
  for (let n = 0; n < 10; n++)
    await dispatch(database, { ...DEFAULT_ROUTINES, maxConcurrent: n + 1 }, NINE + n * 1_000, 'UTC');
  const lateness = { runs: 10, p50Ms: 4_000, p99Ms: 9_000, maxMs: 9_000, alarmMs: 60_000 };
  expect(await counts(NINE + 10_000)).toMatchObject({ total: 11, runsToday: 10, lateness });
  expect((await counts(NINE + DAY_MS + 5_000)).lateness).toMatchObject({ runs: 5, p50Ms: 7_000 });

  // Ten hours after its time, when nothing ran: it is made up for.
  const evening = NINE + DAY_MS + 36_000_000;
  await database.query("update routine_run set status = 'ok', completed_at = started_at");
  await claimDue(database, evening);
  await dispatch(database, DEFAULT_ROUTINES, evening, 'UTC');
  expect(await counts(evening)).toMatchObject({ runsToday: 20, lateness: { runs: 0, maxMs: 0 } });
});
