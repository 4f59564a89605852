import type { JsonObject } from '../../core/json.ts';
import { argumentsText, DEFAULT_USAGE, halves, pieces, type ScriptedAnswer, stopOf } from './script.ts';

/** The answer as the events of OpenAI's responses stream. */
export function responsesEvents(answer: ScriptedAnswer, model: string): string[] {
  const { inputTokens, outputTokens, cacheReadTokens = 0 } = answer.usage ?? DEFAULT_USAGE;
  const usage = {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cacheReadTokens },
    output_tokens: outputTokens,
  };
  const response = { id: 'resp_1', created_at: 1_700_000_000, model };
  return [
    event({ type: 'response.created', response }),
    ...items(answer).flatMap(itemEvents),
    ending(answer, { ...response, usage }),
  ];
}

function ending(answer: ScriptedAnswer, response: JsonObject): string {
  const stop = stopOf(answer);
  if (stop !== 'length' && stop !== 'filter') return event({ type: 'response.completed', response });
  const reason = stop === 'length' ? 'max_output_tokens' : 'content_filter';
  return event({ type: 'response.incomplete', response: { ...response, incomplete_details: { reason } } });
}

interface Item {
  readonly opening: JsonObject;
  readonly deltas: readonly (JsonObject & { readonly type: string })[];
  readonly complete: JsonObject;
}

function items(answer: ScriptedAnswer): Item[] {
  const calls = (answer.toolCalls ?? []).map((call, index): Item => {
    const item = { type: 'function_call', id: `fc_${index}`, call_id: call.id ?? '', name: call.name };
    return {
      opening: { ...item, arguments: '' },
      deltas: halves(argumentsText(call)).map((delta) => ({
        type: 'response.function_call_arguments.delta',
        item_id: item.id,
        delta,
      })),
      complete: { ...item, arguments: argumentsText(call), status: 'completed' },
    };
  });
  return answer.text ? [textItem(answer.text), ...calls] : calls;
}

function textItem(text: string): Item {
  const item = { type: 'message', id: 'msg_1' };
  const deltas = pieces(text).map((delta) => ({
    type: 'response.output_text.delta',
    item_id: item.id,
    delta,
  }));
  return { opening: item, deltas, complete: item };
}

function itemEvents({ opening, deltas, complete }: Item, index: number): string[] {
  const at = { output_index: index };
  return [
    event({ type: 'response.output_item.added', ...at, item: opening }),
    ...deltas.map((delta) => event({ ...at, ...delta })),
    event({ type: 'response.output_item.done', ...at, item: complete }),
  ];
}

function event(data: JsonObject & { readonly type: string }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}
