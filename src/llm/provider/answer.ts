import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { ToolCall, Usage } from '../../core/journal.ts';
import { withUniqueIds } from '../call-ids.ts';
import type { ModelAnswer, ModelRequest } from '../model.ts';
import { parseToolArguments } from '../tool-arguments.ts';
import { createVisibleText } from './visible-text.ts';
import { findWrittenCalls } from './written-calls.ts';

/** The stream ended, cleanly or not, before the model had finished. */
export class StreamCut extends Error {
  override readonly name = 'StreamCut';
  /** Whether anything of an answer had come. */
  readonly begun: boolean;

  constructor(begun: boolean, options?: ErrorOptions) {
    super('the stream ended before the answer was complete', options);
    this.begun = begun;
  }
}

/** The model finished with nothing: no text and no tool call. */
export class EmptyAnswer extends Error {
  override readonly name = 'EmptyAnswer';
  /** Why the model stopped, as the provider says it, for example `content-filter`. */
  readonly reason: string;

  constructor(reason: string) {
    super(`the model stopped with nothing to say (${reason})`);
    this.reason = reason;
  }
}

type Part<T> = Extract<LanguageModelV4StreamPart, { type: T }>;

interface Question extends Pick<ModelRequest, 'messages' | 'onText' | 'tools'> {
  /** The name that was asked for, where the answer does not say another. */
  readonly model: string;
  /** Whether calls are looked for in the text, as models write them that have no proper ones. */
  readonly writesCalls: boolean;
}

interface Heard {
  readonly told: string;
  /** Held back until it was clear what it is. */
  readonly untold: string;
  readonly calls: readonly ToolCall[];
  readonly model: string;
  readonly finish: Part<'finish'>;
}

/**
 * Reads a stream to its end and hands the text on as it comes, without what the model thought.
 *
 * @throws whatever the stream reports as its error; StreamCut; EmptyAnswer.
 */
export async function readAnswer(
  stream: ReadableStream<LanguageModelV4StreamPart>,
  question: Question,
): Promise<ModelAnswer> {
  const heard = await listen(stream, question);
  const { text, calls } = withWrittenCalls(heard, question);
  const reason = heard.finish.finishReason.unified;
  if (text.trim() === '' && calls.length === 0) throw new EmptyAnswer(reason);
  if (reason === 'error') throw new StreamCut(true);
  if (text.length > heard.told.length) question.onText?.(text.slice(heard.told.length));
  const answer = {
    text,
    toolCalls: withUniqueIds(calls, question.messages),
    usage: usageOf(heard.finish.usage),
    model: heard.model,
  };
  return reason === 'length' ? { ...answer, cut: true } : answer;
}

async function listen(stream: ReadableStream<LanguageModelV4StreamPart>, question: Question): Promise<Heard> {
  const visible = createVisibleText({ holdCalls: question.writesCalls });
  const calls: ToolCall[] = [];
  let told = '';
  let begun = false;
  let { model } = question;
  let finish: Part<'finish'> | undefined;

  const tell = (text: string): void => {
    told += text;
    if (text !== '') question.onText?.(text);
  };
  for await (const part of stream) {
    if (part.type === 'text-delta') tell(visible.push(part.delta));
    if (part.type === 'tool-call') calls.push(toToolCall(part));
    if (part.type === 'response-metadata') model = part.modelId ?? model;
    if (part.type === 'finish') finish = part;
    if (part.type === 'error')
      throw isCut(part.error) ? new StreamCut(begun, { cause: part.error }) : part.error;
    begun ||= part.type !== 'stream-start' && part.type !== 'finish';
  }
  if (finish === undefined || finish.finishReason.unified === 'interrupted') throw new StreamCut(begun);
  return { told, untold: visible.end(), calls, model, finish };
}

function withWrittenCalls(
  { told, untold, calls }: Heard,
  { writesCalls, tools }: Question,
): { readonly text: string; readonly calls: readonly ToolCall[] } {
  const text = told + untold;
  if (!writesCalls || calls.length > 0) return { text, calls };
  const found = findWrittenCalls(text, new Set(tools.map(({ name }) => name)));
  return found
    ? { text: found.text, calls: found.calls.map((call) => ({ ...call, callId: '' })) }
    : { text, calls };
}

function usageOf({ inputTokens, outputTokens }: Part<'finish'>['usage']): Usage {
  const { total = 0, cacheRead, cacheWrite } = inputTokens;
  return {
    inputTokens: total,
    outputTokens: outputTokens.total ?? 0,
    ...(cacheRead ? { cacheReadTokens: cacheRead } : {}),
    ...(cacheWrite ? { cacheWriteTokens: cacheWrite } : {}),
  };
}

function toToolCall(call: Part<'tool-call'>): ToolCall {
  return { callId: call.toolCallId, tool: call.toolName, arguments: parseToolArguments(call.input) };
}

/** One of the adapters reports a stream without an end as an invalid response without any data. */
function isCut(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.name === 'AI_InvalidResponseDataError' &&
    'data' in error &&
    error.data === undefined
  );
}
