import type { JournalEntry } from '../core/journal.ts';
import type { JsonObject } from '../core/json.ts';
import type { JobEvent } from '../core/work.ts';

/** Longer ones are cut: the conversation has them in full. */
const LONGEST_TEXT = 8_000;

/** What an entry of a job's conversation says that the job did or said; undefined where it is nothing for people. */
export function jobEventOf(entry: JournalEntry): JobEvent | undefined {
  const told = toldBy(entry);
  return told && { seq: entry.seq, at: entry.at, ...told };
}

type Told = Pick<JobEvent, 'type' | 'data'>;

function toldBy(entry: JournalEntry): Told | undefined {
  switch (entry.type) {
    case 'turn.began':
    case 'turn.steered':
      return message('user', entry.messages.map(({ text }) => text).join('\n'));
    case 'notice.posted':
      return message('notice', entry.text);
    case 'model.completed':
      return entry.text !== '' && entry.toolCalls.length > 0
        ? { type: 'reasoning', data: { narrative: cut(entry.text) } }
        : undefined;
    case 'tool.requested': {
      const { tool, callId, arguments: input } = entry;
      return { type: 'tool_use', data: { tool_name: tool, call_id: callId, input } };
    }
    case 'tool.completed':
      return toolResult(entry, entry.outcome);
    case 'tool.refused':
      return toolResult(entry, 'refused');
    case 'approval.requested': {
      const { tool, reason, approvalId } = entry;
      return status(`It asks: ${reason}`, { tool_name: tool, approval_id: approvalId });
    }
    case 'approval.decided':
      return status(`You answered: ${entry.decision}`, { tool_name: entry.tool });
    case 'turn.nudged':
      return status(entry.text, { reason: entry.reason });
    case 'model.failed':
      return status(entry.error.message, { reason: 'model-failed' });
    case 'turn.replied':
      return { type: 'result', data: { status: entry.finish, content: cut(entry.text) } };
    default:
      return undefined;
  }
}

const message = (role: string, text: string): Told => ({
  type: 'message',
  data: { role, content: cut(text) },
});

const status = (text: string, more: JsonObject): Told => ({
  type: 'status',
  data: { message: text, ...more },
});

const toolResult = (
  { tool, callId, content }: { readonly tool: string; readonly callId: string; readonly content: string },
  outcome: string,
): Told => ({
  type: 'tool_result',
  data: { tool_name: tool, call_id: callId, output: cut(content), ok: outcome === 'succeeded', outcome },
});

const cut = (text: string): string =>
  text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT).toWellFormed()} …` : text;
