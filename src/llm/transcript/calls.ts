import type { JournalEntry, Origin, ToolCall } from '../../core/journal.ts';

/** The calls and results of a conversation by call id, latest first to be found. */
export function findCall(entries: readonly JournalEntry[], callId: string): MadeCall | undefined {
  for (let place = entries.length - 1; place >= 0; place--) {
    const entry = entries[place];
    if (entry?.type !== 'model.completed') continue;
    const call = entry.toolCalls.find((candidate) => candidate.callId === callId);
    if (call) return { call, origins: entry.origins ?? [] };
  }
  return undefined;
}

/** A call, and whose words, other than the user's, the model had before it when it made the call. */
export interface MadeCall {
  readonly call: ToolCall;
  readonly origins: readonly Origin[];
}

/** An earlier tool result of the conversation in full, also of a turn that is not shown any more. */
export function findResult(entries: readonly JournalEntry[], callId: string) {
  return entries
    .filter((entry) => entry.type === 'tool.completed')
    .findLast((entry) => entry.callId === callId);
}

/** The results that can be read again, newest first. */
export function knownResults(entries: readonly JournalEntry[]): readonly KnownResult[] {
  return entries
    .filter((entry) => entry.type === 'tool.completed')
    .toReversed()
    .map(({ callId, tool, content }) => ({ callId, tool, characters: content.length }));
}

interface KnownResult {
  readonly callId: string;
  readonly tool: string;
  readonly characters: number;
}
