import { fromPromise } from 'xstate';
import type { ModelRequest } from '../src/llm/index.ts';
import type { Environment } from './environment.ts';
import type { TurnFact } from './turn-fact.ts';

export interface ModelCallInput {
  readonly env: Environment;
  readonly conversationId: string;
  readonly effectId: string;
  /** Made when the tools are known. */
  readonly request: () => Pick<ModelRequest, 'system' | 'messages' | 'tools'>;
  /** Told each piece of text, so that an interrupted turn keeps what was written. */
  readonly onText: (text: string) => void;
}

/** One call of the language model. Stopping it aborts the call. */
export const modelCall = fromPromise<TurnFact, ModelCallInput>(async ({ input, signal }) => {
  const { env, conversationId, effectId, request, onText } = input;
  await env.toolsReady;
  let offset = 0;
  const answer = await env.model.complete({
    ...request(),
    signal,
    onText(text) {
      onText(text);
      env.feed.publish(conversationId, { type: 'delta', effectId, offset, text });
      offset += text.length;
    },
  });
  return {
    event: answer.ok
      ? { type: 'model.completed', effectId, ...answer.value }
      : { type: 'model.failed', effectId, error: answer.error },
  };
});
