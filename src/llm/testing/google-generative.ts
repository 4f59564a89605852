import type { Json, JsonObject } from '../../core/json.ts';
import {
  argumentsText,
  DEFAULT_USAGE,
  pieces,
  type ScriptedAnswer,
  type ScriptedCall,
  stopOf,
} from './script.ts';

/** The answer as the events of Google's `streamGenerateContent`. */
export function generateEvents(answer: ScriptedAnswer, model: string): string[] {
  const chunk = (parts: readonly JsonObject[], extra: JsonObject = {}): string =>
    event({ candidates: [{ content: { role: 'model', parts }, index: 0, ...extra }], modelVersion: model });
  return [
    ...pieces(answer.text ?? '').map((text) => chunk([{ text }])),
    ...(answer.toolCalls ?? []).map((call) => chunk([{ functionCall: functionCall(call) }])),
    event({
      candidates: [
        { content: { role: 'model', parts: [{ text: '' }] }, finishReason: FINISH[stopOf(answer)], index: 0 },
      ],
      usageMetadata: usage(answer),
      modelVersion: model,
    }),
  ];
}

const FINISH = { calls: 'STOP', end: 'STOP', filter: 'SAFETY', length: 'MAX_TOKENS' } as const;

/** Arguments are an object here and not a text, so malformed ones cannot be sent as such. */
function functionCall(call: ScriptedCall): JsonObject {
  const args: Json = typeof call.arguments === 'string' ? parse(argumentsText(call)) : call.arguments;
  return { ...(call.id === undefined ? {} : { id: call.id }), name: call.name, args };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function usage(answer: ScriptedAnswer): JsonObject {
  const { inputTokens, outputTokens, cacheReadTokens = 0 } = answer.usage ?? DEFAULT_USAGE;
  return {
    promptTokenCount: inputTokens,
    candidatesTokenCount: outputTokens,
    totalTokenCount: inputTokens + outputTokens,
    ...(cacheReadTokens > 0 ? { cachedContentTokenCount: cacheReadTokens } : {}),
  };
}

function event(data: Json): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
