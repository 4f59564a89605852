import { NOTHING_SPENT } from '../../../budget/testing/nothing-spent.ts';
import type { Assistant, Inbound, LiveEvent } from '../../../core/assistant.ts';
import { countedIds } from '../../../core/ids.ts';
import type { JournalEntry, JournalRecord } from '../../../core/journal.ts';
import { createMemoryModelsDesk } from '../../../llm/testing/memory-models-desk.ts';
import { noMemory } from '../../../memory/testing/no-memory.ts';
import { noUpkeep } from '../../../notifications/testing/no-upkeep.ts';
import { noTools } from '../../../policy/testing/no-tools.ts';
import { noRoutines } from '../../../routines/testing/no-routines.ts';
import { createMemoryDesk } from '../../../secrets/testing/memory-desk.ts';
import { noWork } from '../../../work/testing/no-work.ts';

/** An assistant that journals what the script says whenever it accepts something, and does nothing else. */
export function scriptedAssistant(
  script: (inbound: Inbound, inboxId: string) => readonly JournalRecord[],
): Assistant {
  const entries: JournalEntry[] = [];
  const listeners = new Set<(event: LiveEvent) => void>();
  const ids = countedIds('inbox');

  const append = (record: JournalRecord) => {
    const entry = { seq: entries.length + 1, at: '2026-03-01T12:00:00Z', ...record };
    entries.push(entry);
    for (const listener of listeners) listener({ type: 'entry', entry });
  };

  return {
    async accept(inbound) {
      const inboxId = ids.next();
      script(inbound, inboxId).forEach(append);
      return { inboxId, conversationId: inbound.conversationId, duplicate: false };
    },
    entries: async (_conversationId, { after = 0, limit }) =>
      entries.filter((entry) => entry.seq > after).slice(0, limit),
    watch(_conversationId, listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    conversations: async () => [],
    marks: async () => [],
    rename: async () => false,
    search: async () => [],
    pendingApprovals: async () => [],
    approval: async () => undefined,
    audit: async () => [],
    verifyAudit: async () => ({ ok: true, lines: 0, head: '0'.repeat(64), fault: null }),
    budget: async () => NOTHING_SPENT,
    spending: async () => ({ timezone: 'UTC', days: [], models: [], conversations: [] }),
    tools: noTools(),
    secrets: createMemoryDesk(),
    models: createMemoryModelsDesk(),
    memory: noMemory(),
    grants: async () => [],
    addGrant: async () => {
      throw new Error('nothing can be granted here');
    },
    revokeGrant: async () => false,
    work: noWork(),
    routines: noRoutines(),
    upkeep: noUpkeep(),
    watchAll: () => () => {},
    watchWork: () => () => {},
    tree: () => ({
      id: 'root',
      path: 'root',
      kind: 'supervisor',
      state: 'running',
      incarnation: 1,
      restarts: 0,
      mailbox: 0,
      children: [],
    }),
    status: () => ({ ready: true, version: '0', startedAt: '', database: 'none', model: 'none' }),
    crash: () => false,
    hang: () => false,
    delay: () => false,
  };
}
