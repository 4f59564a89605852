import type { JournalEntry, ToolCall } from '../src/core/journal.ts';

/**
 * How often this call has been made in the running turn with this very result, this time included. A call that
 * brings something new each time makes progress. Linear in the entries of the turn.
 */
export function repeatsOf(call: ToolCall, content: string, entries: readonly JournalEntry[]): number {
  const wanted = JSON.stringify(call.arguments);
  const turn = entries.slice(entries.findLastIndex(({ type }) => type === 'turn.began') + 1);
  const alike = new Set(
    turn
      .flatMap((entry) => (entry.type === 'model.completed' ? entry.toolCalls : []))
      .filter((made) => made.tool === call.tool && JSON.stringify(made.arguments) === wanted)
      .map(({ callId }) => callId),
  );
  const before = turn.filter(
    (entry) =>
      (entry.type === 'tool.completed' || entry.type === 'tool.refused') &&
      entry.callId !== call.callId &&
      alike.has(entry.callId) &&
      entry.content === content,
  );
  return before.length + 1;
}
