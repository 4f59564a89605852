import type { TurnInfo } from '../../../core/api/chat.ts';
import type { JournalEntry, RecordOf } from '../../../core/journal.ts';
import { preview } from '../../events/preview.ts';

/** Longer results of tools are cut here; the journal has them in full. */
const MAX_RESULT_CHARS = 20_000;

type State = TurnInfo['state'];
type Call = TurnInfo['tool_calls'][number];

/** One turn, from its entries in order, of which the first is `turn.began`. */
export function turnInfo(
  began: RecordOf<'turn.began'> & JournalEntry,
  entries: readonly JournalEntry[],
): TurnInfo {
  const reply = entries.find((entry) => entry.type === 'turn.replied');
  const [first] = began.messages;
  return {
    turn_number: began.seq,
    turn_id: began.turnId,
    ...(first !== undefined && { user_message_id: first.inboxId }),
    user_input: saidIn(entries),
    response: reply?.text ?? null,
    state: stateOf(entries),
    started_at: began.at,
    ...(reply !== undefined && { completed_at: reply.at, ...tokensOf(reply) }),
    tool_calls: callsOf(entries),
    generated_images: [],
  };
}

function saidIn(entries: readonly JournalEntry[]): string {
  const said = entries.filter((entry) => entry.type === 'turn.began' || entry.type === 'turn.steered');
  return said.flatMap(({ messages }) => messages.map(({ text }) => text)).join('\n\n');
}

const tokensOf = ({ usage }: RecordOf<'turn.replied'>) => ({
  input_tokens: usage.inputTokens,
  output_tokens: usage.outputTokens,
});

const ENDED: Readonly<Record<RecordOf<'turn.replied'>['finish'], State>> = {
  answered: 'Completed',
  limited: 'Completed',
  failed: 'Failed',
  interrupted: 'Interrupted',
};

function stateOf(entries: readonly JournalEntry[]): State {
  const reply = entries.find((entry) => entry.type === 'turn.replied');
  if (reply !== undefined) return ENDED[reply.finish];
  return waits(entries) ? 'AwaitingApproval' : 'Processing';
}

function waits(entries: readonly JournalEntry[]): boolean {
  const open = new Set<string>();
  for (const entry of entries) {
    if (entry.type === 'approval.requested') open.add(entry.approvalId);
    if (entry.type === 'approval.decided') open.delete(entry.approvalId);
  }
  return open.size > 0;
}

/** In the order in which they were made. One that still runs has neither result nor error. */
function callsOf(entries: readonly JournalEntry[]): readonly Call[] {
  const calls = new Map<string, Call>();
  for (const entry of entries) {
    const { type } = entry;
    if (type === 'model.completed') {
      for (const { callId, tool, arguments: given } of entry.toolCalls)
        calls.set(callId, begun(callId, tool, given));
    } else if (type === 'tool.requested') {
      calls.set(entry.callId, begun(entry.callId, entry.tool, entry.arguments));
    } else if (type === 'tool.completed' || type === 'tool.refused') {
      const call = calls.get(entry.callId) ?? begun(entry.callId, entry.tool, {});
      calls.set(entry.callId, { ...call, ...endOf(entry) });
    }
  }
  return [...calls.values()];
}

const begun = (call_id: string, name: string, parameters: unknown): Call => ({
  name,
  call_id,
  parameters,
  has_result: false,
  has_error: false,
  origins: [],
});

function endOf(entry: RecordOf<'tool.completed' | 'tool.refused'>): Partial<Call> {
  if (entry.type === 'tool.refused') return { has_error: true, error: entry.content };
  const { outcome, content, durationMs, origins = [] } = entry;
  const result = content.slice(0, MAX_RESULT_CHARS).toWellFormed();
  const common = { duration_ms: durationMs, origins };
  if (outcome !== 'succeeded') return { ...common, has_error: true, error: result };
  return { ...common, has_result: true, result_preview: preview(content), result };
}
