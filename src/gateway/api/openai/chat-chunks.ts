import type { EventStream } from '../../event-stream.ts';
import type { PartEnd } from '../../turns/turn-part.ts';
import type { ApiFailure } from '../failure.ts';
import { type ChatAnswer, type ChatHead, finishReason } from './chat-answer.ts';
import { failureOf, openAiFailure } from './failure.ts';

/** A chat completion as a stream: pieces of it, as they are written. */
export interface ChatChunks {
  say(text: string): void;
  end(end: PartEnd): void;
  /** Once it streams, this is how a failure is told. */
  fail(failure: ApiFailure): void;
}

export interface ChunkOptions {
  readonly events: EventStream;
  /** The client wants to know the tokens, in a chunk of its own. */
  readonly withUsage: boolean;
}

export function createChatChunks(
  { id, created, conversationId }: ChatHead,
  answer: ChatAnswer,
  { events, withUsage }: ChunkOptions,
): ChatChunks {
  const object = 'chat.completion.chunk';
  const push = (choices: readonly object[], more: object = {}): void =>
    events.push({ data: { id, object, created, model: answer.model(), choices, ...more } });

  function close(): void {
    events.pushRaw('data: [DONE]\n\n');
    events.end();
  }

  function fail(failure: ApiFailure): void {
    events.push({ data: openAiFailure(failure.status, failure) });
    close();
  }

  push([choice({ role: 'assistant', content: '' })]);
  return {
    fail,
    say(text) {
      if (text !== '') push([choice({ content: text })]);
    },
    end(end) {
      const failure = failureOf(end);
      if (failure) return fail(failure);
      const asked = end.kind === 'asked' ? { approval_id: end.question.approvalId } : {};
      push([choice({}, finishReason(end))], { conversation_id: conversationId, ...asked });
      if (withUsage) push([], { usage: answer.usage() });
      close();
    },
  };
}

const choice = (delta: object, finish: string | null = null): object => ({
  index: 0,
  delta,
  logprobs: null,
  finish_reason: finish,
});
