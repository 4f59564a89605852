import type { JsonObject } from '../../core/json.ts';
import { argumentsText, DEFAULT_USAGE, halves, pieces, type ScriptedAnswer, stopOf } from './script.ts';

/** The answer as the events of Anthropic's messages stream. */
export function messagesEvents(answer: ScriptedAnswer, model: string): string[] {
  const {
    inputTokens,
    outputTokens,
    cacheReadTokens = 0,
    cacheWriteTokens = 0,
  } = answer.usage ?? DEFAULT_USAGE;
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model, content: [], stop_reason: null };
  const usage = {
    input_tokens: inputTokens - cacheReadTokens - cacheWriteTokens,
    cache_read_input_tokens: cacheReadTokens,
    cache_creation_input_tokens: cacheWriteTokens,
    output_tokens: 1,
  };
  return [
    event({ type: 'message_start', message: { ...message, stop_sequence: null, usage } }),
    ...blocks(answer).flatMap(blockEvents),
    event({
      type: 'message_delta',
      delta: { stop_reason: STOP[stopOf(answer)], stop_sequence: null },
      usage: { output_tokens: outputTokens },
    }),
    event({ type: 'message_stop' }),
  ];
}

const STOP = { calls: 'tool_use', end: 'end_turn', filter: 'refusal', length: 'max_tokens' } as const;

interface Block {
  readonly opening: JsonObject;
  readonly deltas: readonly JsonObject[];
}

function blocks(answer: ScriptedAnswer): Block[] {
  const text = pieces(answer.text ?? '').map((piece) => ({ type: 'text_delta', text: piece }));
  const calls = (answer.toolCalls ?? []).map((call) => ({
    opening: { type: 'tool_use', id: call.id ?? '', name: call.name, input: {} },
    deltas: halves(argumentsText(call)).map((half) => ({ type: 'input_json_delta', partial_json: half })),
  }));
  return text.length > 0 ? [{ opening: { type: 'text', text: '' }, deltas: text }, ...calls] : calls;
}

function blockEvents({ opening, deltas }: Block, index: number): string[] {
  return [
    event({ type: 'content_block_start', index, content_block: opening }),
    ...deltas.map((delta) => event({ type: 'content_block_delta', index, delta })),
    event({ type: 'content_block_stop', index }),
  ];
}

function event(data: JsonObject & { readonly type: string }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}
