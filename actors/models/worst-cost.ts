import { costMicroUsd, type Model, type ModelRequest, type Price } from '../../src/llm/index.ts';

/** A request as it is sent, but for what belongs to one attempt. */
export type Question = Omit<ModelRequest, 'signal' | 'onText'>;

/** What models write at most where nobody asked for more, so that a budget need not cover all they could. */
const USUAL_OUTPUT_TOKENS = 16_000;
/** What a model thinks counts as output. */
const THOUGHTFUL_OUTPUT_TOKENS = 32_000;
/** Of English text a token has four bytes, of digits and of most other scripts three. */
const BYTES_PER_TOKEN = 3;
/** What the best known models count for a large picture. */
const PICTURE_TOKENS = 1_600;

/** Tokens that the answer may have at most. */
export function outputLimit(model: Model, { maxOutputTokens, thinking }: Question): number {
  const usual = thinking === 'high' ? THOUGHTFUL_OUTPUT_TOKENS : USUAL_OUTPUT_TOKENS;
  return Math.min(maxOutputTokens ?? usual, model.limits.outputTokens);
}

/** The most that a call is likely to cost, in millionths of a US dollar: all is read anew, and all that may be written is. */
export function worstCostMicroUsd(model: Model, price: Price, question: Question): number {
  const usage = { inputTokens: inputTokens(question), outputTokens: outputLimit(model, question) };
  const anew = costMicroUsd(price, usage);
  return Math.max(anew, costMicroUsd(price, { ...usage, cacheWriteTokens: usage.inputTokens }));
}

/** About 1 ms for a megabyte of text. */
function inputTokens({ system, messages, tools }: Question): number {
  const texts = [system, JSON.stringify(tools), ...messages.map(textOf)];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return Math.ceil(bytes / BYTES_PER_TOKEN) + PICTURE_TOKENS * pictures(messages);
}

type Message = ModelRequest['messages'][number];

function textOf(message: Message): string {
  if (message.role === 'user') return message.text;
  if (message.role === 'tool') return message.content;
  return message.text + message.toolCalls.map((call) => JSON.stringify(call.arguments)).join('');
}

function pictures(messages: readonly Message[]): number {
  return messages.reduce((sum, one) => sum + (one.role === 'user' ? (one.pictures?.length ?? 0) : 0), 0);
}
