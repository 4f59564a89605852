import type { AppEvent } from '../../core/api/events.ts';
import type { LiveEvent } from '../../core/assistant.ts';
import type { JournalEntry, RecordOf } from '../../core/journal.ts';
import { preview } from './preview.ts';

/** What clients of the HTTP API are told of something that happened in a thread, in order; often nothing. */
export function appEvents(threadId: string, event: LiveEvent): readonly AppEvent[] {
  switch (event.type) {
    case 'entry': {
      const { seq, at } = event.entry;
      const turn = 'turnId' in event.entry ? { turn_id: event.entry.turnId } : {};
      return told(event.entry).map((tale) => ({ ...tale, thread_id: threadId, seq, at, ...turn }));
    }
    case 'delta':
      return [
        {
          type: 'stream_chunk',
          thread_id: threadId,
          content: event.text,
          offset: event.offset,
          answer_id: event.effectId,
        },
      ];
    case 'progress':
      return [{ type: 'status', thread_id: threadId, message: event.text }];
  }
}

/** An event without what all have. */
type Tale = AppEvent extends infer E
  ? E extends AppEvent
    ? Omit<E, 'thread_id' | 'seq' | 'at' | 'turn_id'>
    : never
  : never;

function told(entry: JournalEntry): readonly Tale[] {
  switch (entry.type) {
    case 'turn.began':
      return [...messagesOf(entry), state('idle', 'processing')];
    case 'turn.steered':
      return messagesOf(entry);
    case 'turn.nudged':
      return [{ type: 'status', message: entry.text }];
    case 'model.requested':
      return [{ type: 'thinking', message: 'Thinking…' }];
    case 'model.completed':
      return [metricsOf(entry), ...warnings(entry.notices ?? [])];
    case 'model.failed':
      return warnings([entry.error.message]);
    case 'tool.requested':
      return [
        {
          type: 'tool_started',
          name: entry.tool,
          call_id: entry.callId,
          detail: preview(JSON.stringify(entry.arguments)),
        },
      ];
    case 'tool.completed':
      return resultOf(entry);
    case 'tool.refused':
      return [
        {
          type: 'tool_completed',
          name: entry.tool,
          call_id: entry.callId,
          success: false,
          error: entry.content,
        },
      ];
    case 'approval.requested':
      return [questionOf(entry)];
    case 'approval.decided':
      return [decisionOf(entry)];
    case 'turn.replied':
      return [
        { type: 'response', content: entry.text, finish: entry.finish },
        { type: 'turn_cost', input_tokens: entry.usage.inputTokens, output_tokens: entry.usage.outputTokens },
        state('processing', 'idle', entry.finish),
      ];
    case 'history.compacted':
      return [{ type: 'status', message: 'Older turns of this thread were summed up.' }];
    case 'notice.posted':
      return [{ type: 'response', content: entry.text, from: entry.from }];
    case 'input.refused':
      return warnings([entry.reason]);
    default:
      return [];
  }
}

const warnings = (messages: readonly string[]): readonly Tale[] =>
  messages.map((message) => ({ type: 'warning', message }));

const state = (from: string, to: string, reason?: string): Tale => ({
  type: 'thread_state_changed',
  from_state: from,
  to_state: to,
  ...(reason !== undefined && { reason }),
});

function messagesOf({ messages }: RecordOf<'turn.began' | 'turn.steered'>): readonly Tale[] {
  const content = messages.map(({ text }) => text).join('\n\n');
  return [{ type: 'user_message', content, message_ids: messages.map(({ inboxId }) => inboxId) }];
}

function metricsOf({ usage, model, durationMs, costMicroUsd }: RecordOf<'model.completed'>): Tale {
  return {
    type: 'turn_metrics',
    model,
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cache_read_tokens: usage.cacheReadTokens ?? 0,
    ...(durationMs !== undefined && { duration_ms: durationMs }),
    ...(costMicroUsd !== undefined && { cost_usd: costMicroUsd / 1e6 }),
  };
}

function resultOf(entry: RecordOf<'tool.completed'>): readonly Tale[] {
  const { tool: name, callId: call_id, outcome, content, durationMs, origins = [] } = entry;
  const success = outcome === 'succeeded';
  const end = { type: 'tool_completed', name, call_id, success, duration_ms: durationMs } as const;
  return [
    success ? end : { ...end, error: preview(content) },
    { type: 'tool_result', name, call_id, preview: preview(content), origins },
  ];
}

function questionOf(entry: RecordOf<'approval.requested'>): Tale {
  const { approvalId, tool, reason, allowAlways, scope, origins = [] } = entry;
  return {
    type: 'approval_needed',
    request_id: approvalId,
    tool_name: tool,
    description: reason,
    parameters: JSON.stringify(entry.arguments, null, 2),
    allow_always: allowAlways,
    ...(scope !== undefined && { scope }),
    origins,
  };
}

function decisionOf({ approvalId, tool, decision, reason }: RecordOf<'approval.decided'>): Tale {
  return {
    type: 'gate_resolved',
    request_id: approvalId,
    gate_name: 'approval',
    tool_name: tool,
    resolution: decision === 'deny' ? 'denied' : 'approved',
    message: reason ?? '',
  };
}
