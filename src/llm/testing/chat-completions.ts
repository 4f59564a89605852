import type { Json, JsonObject } from '../../core/json.ts';
import { argumentsText, DEFAULT_USAGE, halves, pieces, type ScriptedAnswer } from './script.ts';

/** The answer as the events of OpenAI's chat completions stream. */
export function chatEvents(answer: ScriptedAnswer, model: string): string[] {
  const chunk = (delta: JsonObject, finishReason: string | null = null): string =>
    event({
      ...head('chat.completion.chunk', model),
      choices: [{ index: 0, delta, finish_reason: finishReason }],
    });
  return [
    chunk({ role: 'assistant', content: '' }),
    ...pieces(answer.text ?? '').map((content) => chunk({ content })),
    ...callDeltas(answer).map((call) => chunk({ tool_calls: [call] })),
    chunk({}, finishReason(answer)),
    event({ ...head('chat.completion.chunk', model), choices: [], usage: usage(answer) }),
    'data: [DONE]\n\n',
  ];
}

/** The answer as the body for a client that did not ask for a stream. */
export function chatBody(answer: ScriptedAnswer, model: string): string {
  const calls = (answer.toolCalls ?? []).map((call) => ({
    ...(call.id === undefined ? {} : { id: call.id }),
    type: 'function',
    function: { name: call.name, arguments: argumentsText(call) },
  }));
  const message = {
    role: 'assistant',
    content: answer.text ?? null,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
  const choices = [{ index: 0, message, finish_reason: finishReason(answer) }];
  return JSON.stringify({ ...head('chat.completion', model), choices, usage: usage(answer) });
}

function callDeltas(answer: ScriptedAnswer): JsonObject[] {
  return (answer.toolCalls ?? []).flatMap((call, index) => {
    const id = call.id === undefined ? {} : { id: call.id };
    const opening = { index, ...id, type: 'function', function: { name: call.name, arguments: '' } };
    const rest = halves(argumentsText(call)).map((text) => ({ index, function: { arguments: text } }));
    return [opening, ...rest];
  });
}

function finishReason(answer: ScriptedAnswer): string {
  return answer.finishReason ?? (answer.toolCalls?.length ? 'tool_calls' : 'stop');
}

function usage(answer: ScriptedAnswer): JsonObject {
  const { inputTokens, outputTokens, cacheReadTokens = 0 } = answer.usage ?? DEFAULT_USAGE;
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    ...(cacheReadTokens > 0 ? { prompt_tokens_details: { cached_tokens: cacheReadTokens } } : {}),
  };
}

function head(object: string, model: string): JsonObject {
  return { id: 'chatcmpl-1', object, created: 1_700_000_000, model };
}

function event(data: Json): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
