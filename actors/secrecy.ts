import { isJsonList, isJsonObject, type Json, type JsonObject } from '../src/core/json.ts';
import type { ModelAnswer, ModelMessage } from '../src/llm/index.ts';
import type { LeakDetector } from '../src/safety/index.ts';
import type { Environment } from './environment.ts';

/** What stands in a text where a secret was taken out. */
export const REDACTED = /\[REDACTED:[\w.:-]{1,200}\]/;

type Secrecy = Pick<Environment, 'leaks' | 'knownReady'>;

/** Nothing but the user's own secrets is taken out: what only looks like one, they may well want to talk about. */
export function withoutOwnSecrets(leaks: LeakDetector, text: string): string {
  return leaks.redact(text, leaks.scanKnown(text));
}

/** What the model is shown: nothing of it holds a secret of the user's, also none that was stored since it was said. */
export async function shownToModel(
  { leaks, knownReady }: Secrecy,
  messages: readonly ModelMessage[],
): Promise<readonly ModelMessage[]> {
  await knownReady();
  return messages.map((message) =>
    message.role === 'tool'
      ? { ...message, content: withoutOwnSecrets(leaks, message.content) }
      : { ...message, text: withoutOwnSecrets(leaks, message.text) },
  );
}

/** Whether a live key would leave with these arguments. */
export const wouldLeak = ({ leaks }: Secrecy, args: JsonObject): boolean =>
  leaks.scan(JSON.stringify(args)).verdict === 'block';

/** An answer of the model without what looks like a secret in its text, and without the user's own in its calls. */
export function answerWithoutSecrets(secrecy: Secrecy, answer: ModelAnswer): ModelAnswer {
  const { leaks } = secrecy;
  return {
    ...answer,
    text: withoutSecrets(secrecy, answer.text),
    toolCalls: answer.toolCalls.map((call) => ({
      ...call,
      arguments: redactedObject(leaks, call.arguments),
    })),
  };
}

export const withoutSecrets = ({ leaks }: Secrecy, text: string): string =>
  leaks.redact(text, leaks.scan(text));

function redactedObject(leaks: LeakDetector, value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, redactedJson(leaks, part)]));
}

function redactedJson(leaks: LeakDetector, value: Json): Json {
  if (typeof value === 'string') return withoutOwnSecrets(leaks, value);
  if (isJsonList(value)) return value.map((part) => redactedJson(leaks, part));
  return isJsonObject(value) ? redactedObject(leaks, value) : value;
}
