import type { ModelFailure } from '../../src/core/journal.ts';
import type { ModelLine, ModelQuestion } from '../../src/core/orchestrator.ts';
import type { Result } from '../../src/core/result.ts';
import type { ModelMessage } from '../../src/llm/index.ts';
import type { ModelOrder, PaidAnswer } from '../ask-model.ts';

/** What is asked in a container, as it is asked here. */
export function requestOf(question: ModelQuestion): ModelOrder['request'] {
  const { system, messages, tools, thinking, maxOutputTokens } = question;
  return {
    system,
    messages: messages.map(messageOf),
    tools,
    ...(thinking && { thinking }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
  };
}

function messageOf(message: ModelQuestion['messages'][number]): ModelMessage {
  if (message.role !== 'user') return message;
  const { pictures, ...rest } = message;
  if (!pictures) return rest;
  return {
    ...rest,
    pictures: pictures.map(({ mediaType, base64 }) => ({ mediaType, data: Buffer.from(base64, 'base64') })),
  };
}

export function lineOf(result: Result<PaidAnswer, ModelFailure>): ModelLine {
  if (!result.ok) return failedLine(result.error);
  const { text, toolCalls, usage, model, cut } = result.value;
  return { type: 'answer', text, toolCalls: [...toolCalls], usage, model, ...(cut && { cut }) };
}

/** The question about a budget cannot be asked in a container: there the money is simply at an end. */
export function failedLine({ kind, message, retryAfterMs }: ModelFailure): ModelLine {
  const told = kind === 'budget' ? 'no-credit' : kind;
  return {
    type: 'failed',
    error: { kind: told, message, ...(retryAfterMs !== undefined && { retryAfterMs }) },
  };
}
