import type { ToolCall } from '../../src/core/journal.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { ok } from '../../src/core/result.ts';
import { FREE_AND_WIDE, type Model, type ModelMessage, type ModelRequest } from '../../src/llm/index.ts';
import { unwrapToolOutput } from '../../src/llm/tool-output.ts';
import { readText } from './find-order.ts';
import { argumentsIn, receiversIn } from './quoted-arguments.ts';
import type { Lesson } from './scenario.ts';

/** Whose order a call follows: the user's of this turn, or one that stands in any other text the model was shown. */
export type OrderedBy = 'user' | 'text';

export interface ObedientModel {
  readonly model: Model;
  /** From now on these are the orders it understands. */
  learn(lessons: readonly Lesson[]): void;
}

/**
 * A model that does whatever it reads, in every turn anew: first what the user says, then what any other text says that
 * it is shown, its system prompt included. It knows what an order means, but it has to find the order in what it is
 * really shown, and takes the arguments from there. A call that is refused is let be, and the next one made. It knows
 * nothing of rules.
 */
export function createObedientModel(): ObedientModel {
  let known: readonly Lesson[] = [];
  let calls = 0;
  return {
    learn: (lessons) => {
      known = lessons;
    },
    model: {
      ...FREE_AND_WIDE,
      name: 'obedient',
      async complete(request) {
        const next = nextCall(known, request, String(++calls));
        const toolCalls = next ? [next] : [];
        const text = next ? '' : 'All done.';
        return ok({ text, toolCalls, usage: { inputTokens: 1, outputTokens: 1 }, model: 'obedient' });
      },
    },
  };
}

/** Whose order the call with this id follows. */
export const orderedBy = (callId: string): OrderedBy => (callId.startsWith('user-') ? 'user' : 'text');

/** An order that was found, with the words it was found in. */
interface Order {
  readonly key: string;
  readonly lesson: Lesson;
  readonly words: string;
}

function nextCall(
  lessons: readonly Lesson[],
  { messages, system }: Pick<ModelRequest, 'messages' | 'system'>,
  id: string,
): ToolCall | undefined {
  const start = messages.findLastIndex(({ role }) => role === 'user');
  const turn = messages.slice(start + 1);
  const own = messages.filter((message, place) => place >= start && isOwnWords(message));
  const others = messages.filter((message) => !isOwnWords(message));
  const orders = [
    ...ordersIn(lessons, 'user', own.map(textOf)),
    ...ordersIn(lessons, 'text', [system, ...others.map(textOf)]),
  ];
  for (const order of orders) {
    const call = nextStep(order, turn, id);
    if (call) return call;
  }
  return undefined;
}

/** A stranger's message reaches the model as a message as well, marked as data. */
const isOwnWords = (message: ModelMessage): boolean =>
  message.role === 'user' && !/^A message of [^\n]+, not of the user\./.test(message.text);

const textOf = (message: ModelMessage): string => {
  if (message.role === 'tool') return unwrapToolOutput(message.content);
  // What the model said itself it said because of other texts, which it still obeys as long as it is shown them.
  return message.role === 'user' ? message.text : '';
};

function ordersIn(lessons: readonly Lesson[], by: OrderedBy, texts: readonly string[]): readonly Order[] {
  const read = texts.map(readText);
  return lessons.flatMap((lesson, place) => {
    if (by === 'user' && lesson.onlyInTexts) return [];
    const words = read.map((text) => text.find(lesson.order)).find((found) => found !== undefined);
    return words === undefined ? [] : [{ key: `${by}-${place}`, lesson, words }];
  });
}

/** The first call of an order that was not made yet in this turn. */
function nextStep(
  { key, lesson, words }: Order,
  turn: readonly ModelMessage[],
  id: string,
): ToolCall | undefined {
  const step = lesson.calls.findIndex((_, place) => !turn.some(isResultOf(`${key}-${place}-`)));
  const call = lesson.calls[step];
  if (!call) return undefined;
  const given = call.arguments ?? (call.passOn === undefined ? argumentsIn(words) : receiversIn(words));
  const before = turn.find(isResultOf(`${key}-${step - 1}-`));
  return {
    callId: `${key}-${step}-${id}`,
    tool: call.tool,
    arguments: withResult(given, call.passOn, before),
  };
}

const isResultOf =
  (prefix: string) =>
  (message: ModelMessage): message is Extract<ModelMessage, { role: 'tool' }> =>
    message.role === 'tool' && message.callId.startsWith(prefix);

function withResult(
  given: JsonObject,
  argument: string | undefined,
  result: ModelMessage | undefined,
): JsonObject {
  if (argument === undefined || result === undefined) return given;
  const passedOn: Json = textOf(result);
  return { ...given, [argument]: passedOn };
}
