import type { RoutinesDesk } from '../../core/routines.ts';

/** An assistant without routines. */
export function noRoutines(): RoutinesDesk {
  const nothing = { ok: false, message: 'There are no routines here.' } as const;
  const unknown = async () => ({ ...nothing, kind: 'unknown' }) as const;
  return {
    create: unknown,
    update: unknown,
    remove: async () => false,
    list: async () => [],
    counts: async () => ({
      ...{ total: 0, enabled: 0, disabled: 0, unverified: 0, failing: 0, runsToday: 0 },
      lateness: { runs: 0, p50Ms: 0, p99Ms: 0, maxMs: 0, alarmMs: 0 },
    }),
    get: async () => undefined,
    fire: async () => nothing,
    runs: async () => [],
    dueTimes: async () => [],
    emit: async () => 0,
    atWebhook: async () => undefined,
    webhook: async () => nothing,
    explain: () => nothing,
  };
}
