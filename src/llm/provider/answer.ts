import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { withUniqueIds } from '../call-ids.ts';
import type { ModelAnswer, ModelRequest } from '../model.ts';
import { parseToolArguments } from '../tool-arguments.ts';

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

/**
 * Reads a stream to its end and hands the text on as it comes.
 *
 * @throws whatever the stream reports as its error; StreamCut; EmptyAnswer.
 */
export async function readAnswer(
  stream: ReadableStream<LanguageModelV4StreamPart>,
  request: Pick<ModelRequest, 'messages' | 'onText'>,
  requestedModel: string,
): Promise<ModelAnswer> {
  const calls: Part<'tool-call'>[] = [];
  let text = '';
  let begun = false;
  let model = requestedModel;
  let finish: Part<'finish'> | undefined;

  for await (const part of stream) {
    if (part.type === 'text-delta') {
      text += part.delta;
      request.onText?.(part.delta);
    }
    if (part.type === 'tool-call') calls.push(part);
    if (part.type === 'response-metadata') model = part.modelId ?? model;
    if (part.type === 'finish') finish = part;
    if (part.type === 'error')
      throw isCut(part.error) ? new StreamCut(begun, { cause: part.error }) : part.error;
    begun ||= part.type !== 'stream-start' && part.type !== 'finish';
  }

  const reason = finish?.finishReason.unified ?? 'interrupted';
  if (finish === undefined || reason === 'interrupted') throw new StreamCut(begun);
  if (text.trim() === '' && calls.length === 0) throw new EmptyAnswer(reason);
  return {
    text,
    toolCalls: withUniqueIds(calls.map(toToolCall), request.messages),
    usage: {
      inputTokens: finish.usage.inputTokens.total ?? 0,
      outputTokens: finish.usage.outputTokens.total ?? 0,
    },
    model,
  };
}

function toToolCall(call: Part<'tool-call'>): ModelAnswer['toolCalls'][number] {
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
