import type { HeartbeatState, ToolHealthState, UpkeepDesk } from '../../src/core/upkeep.ts';
import { type HeartbeatTimes, isEffectivelyEmpty, latestBeats, wantBeat } from '../../src/heartbeat/index.ts';
import { lastUpkeep } from '../../src/hygiene/index.ts';
import { latestNotifications } from '../../src/notifications/index.ts';
import { type ToolFailure, toolFailures } from '../../src/repair/index.ts';
import type { Environment } from '../environment.ts';

/** What people and commands do with upkeep. What cleans is loaded when it is wanted. */
export function createUpkeepDesk(env: Environment): UpkeepDesk {
  const { database, clock, hints } = env;
  return {
    async notifications(limit) {
      const latest = await latestNotifications(database, limit);
      return latest.map(({ kind, at, from, text, origins, state, settledAt, toldIn }) => ({
        kind,
        at: iso(at),
        from,
        text,
        origins,
        state,
        settledAt: isoOrNull(settledAt),
        toldIn,
      }));
    },
    heartbeat: () => heartbeatState(env),
    async beat() {
      await database.commit([wantBeat(clock.now())]);
      hints.beatWanted();
    },
    async cleaning() {
      const { lastAt, report } = await lastUpkeep(database, 'hygiene');
      return { lastAt: isoOrNull(lastAt), removed: report };
    },
    async clean({ dryRun }) {
      const { clean, foreseenCleaning } = await import('./clean.ts');
      if (dryRun) return foreseenCleaning(env);
      return (await clean(env, new AbortController().signal)) ?? null;
    },
    tools: async () => (await toolFailures(database)).map(healthState),
    async repair(tool, path) {
      const { orderRepair } = await import('./repair.ts');
      const { writes, ...answer } = await orderRepair(env, { tool, path, conversationId: null });
      if (writes.length > 0) await database.commit([{ sql: 'select 1' }, ...writes]);
      return answer;
    },
  };
}

const SHOWN_BEATS = 10;

async function heartbeatState({ database, memory, settings }: Environment): Promise<HeartbeatState> {
  const [list, beats] = await Promise.all([memory.read('HEARTBEAT.md'), latestBeats(database, SHOWN_BEATS)]);
  const times = settings.heartbeat;
  return {
    enabled: times?.enabled ?? false,
    hasWork: list !== undefined && !isEffectivelyEmpty(list.content),
    when: times ? whenInWords(times) : 'never',
    beats: beats.map(({ dueAt, state, endedAt, detail }) => ({
      dueAt: iso(dueAt),
      state,
      endedAt: isoOrNull(endedAt),
      detail,
    })),
  };
}

function whenInWords({ everyMs, dailyAt, quiet }: HeartbeatTimes): string {
  const often =
    dailyAt === undefined ? `every ${everyMs / 60_000} minutes` : `daily at ${clockTime(dailyAt)}`;
  return quiet ? `${often}, not from ${clockTime(quiet.from)} to ${clockTime(quiet.to)}` : often;
}

const clockTime = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

const healthState = (failure: ToolFailure): ToolHealthState => ({
  tool: failure.tool,
  failures: failure.count,
  lastError: failure.lastError,
  lastAt: iso(failure.lastAt),
  broken: failure.brokenAt !== null,
  repairs: failure.attempts,
  repairJob: failure.job,
  lastResult: failure.lastResult,
  repairedAt: isoOrNull(failure.repairedAt),
  source: failure.source,
});

const iso = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));
