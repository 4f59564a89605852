import type { JournalEntry } from '../../core/journal.ts';

/** What a run did, as far as expectations speak of it. */
export interface Observed {
  /** The replies' texts, oldest first. */
  readonly responses: readonly string[];
  /** Tool calls in the order in which they began. */
  readonly calls: readonly ObservedCall[];
}

export interface ObservedCall {
  readonly callId: string;
  readonly tool: string;
  readonly fate: Fate;
  /** What the model read as the call's result. */
  readonly content: string;
}

/**
 * `succeeded` and `failed` ran. `refused` was stopped by the system (no such tool, against the policy),
 * `denied` by the user; neither ran.
 */
export type Fate = 'succeeded' | 'failed' | 'refused' | 'denied';

/** Reads replies and tool calls out of journal entries. */
export function observe(entries: readonly JournalEntry[]): Observed {
  const calls = new Map<string, ObservedCall>();
  for (const entry of entries) {
    const call = callOf(entry);
    if (call !== undefined) calls.set(call.key, afterwards(calls.get(call.key), call));
  }
  const responses = entries.filter((entry) => entry.type === 'turn.replied').map((entry) => entry.text);
  return { responses, calls: [...calls.values()] };
}

/** Call ids are the model's and may come again in a later turn. */
export const callKey = (entry: { readonly turnId: string; readonly callId: string }): string =>
  `${entry.turnId} ${entry.callId}`;

type Sighting = ObservedCall & { readonly key: string };

function callOf(entry: JournalEntry): Sighting | undefined {
  switch (entry.type) {
    case 'tool.requested':
      return sighting(entry, 'failed', 'it never ended');
    case 'tool.completed':
      return sighting(entry, entry.outcome === 'succeeded' ? 'succeeded' : 'failed', entry.content);
    case 'tool.refused':
      return sighting(entry, 'refused', entry.content);
    case 'approval.decided':
      return entry.decision === 'deny' ? sighting(entry, 'denied', entry.reason ?? '') : undefined;
    default:
      return undefined;
  }
}

function sighting(
  entry: { readonly turnId: string; readonly callId: string; readonly tool: string },
  fate: Fate,
  content: string,
): Sighting {
  return { key: callKey(entry), callId: entry.callId, tool: entry.tool, fate, content };
}

/** A denied call is also refused afterwards; that it was the user who said no is what counts. */
function afterwards(
  before: ObservedCall | undefined,
  { callId, tool, fate, content }: Sighting,
): ObservedCall {
  return { callId, tool, fate: before?.fate === 'denied' && fate === 'refused' ? 'denied' : fate, content };
}
