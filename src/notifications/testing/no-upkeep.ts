import type { UpkeepDesk } from '../../core/upkeep.ts';

/** An assistant that does nothing by itself. */
export function noUpkeep(): UpkeepDesk {
  return {
    notifications: async () => [],
    heartbeat: async () => ({ enabled: false, hasWork: false, when: 'never', beats: [] }),
    beat: async () => {},
    cleaning: async () => ({ lastAt: null, removed: {} }),
    clean: async () => ({}),
    tools: async () => [],
    repair: async (tool) => ({
      ok: false,
      kind: 'unknown',
      message: `Nothing is known of a tool "${tool}".`,
    }),
  };
}
