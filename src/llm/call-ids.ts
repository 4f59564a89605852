import type { ToolCall } from '../core/journal.ts';
import type { ModelMessage } from './model.ts';

/**
 * Gives each call an id that no other call of the conversation has, changing only those that clash: some
 * servers count from zero in every answer, and some send no id at all.
 */
export function withUniqueIds(calls: readonly ToolCall[], messages: readonly ModelMessage[]): ToolCall[] {
  if (calls.length === 0) return [];
  const taken = new Set(messages.flatMap(callIdsOf));
  return calls.map((call) => {
    const callId = freeId(call.callId.trim() || 'call', taken);
    taken.add(callId);
    return callId === call.callId ? call : { ...call, callId };
  });
}

function callIdsOf(message: ModelMessage): string[] {
  return message.role === 'assistant' ? message.toolCalls.map((call) => call.callId) : [];
}

function freeId(wanted: string, taken: ReadonlySet<string>): string {
  let id = wanted;
  for (let count = 2; taken.has(id); count++) id = `${wanted}-${count}`;
  return id;
}
