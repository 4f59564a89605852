import { fromPromise } from 'xstate';
import type { ToolCall } from '../src/core/journal.ts';
import type { Environment } from './environment.ts';
import type { TurnFact } from './turn-fact.ts';

export interface ToolCallInput {
  readonly env: Environment;
  readonly conversationId: string;
  readonly effectId: string;
  readonly call: ToolCall;
  readonly earlierResult: (callId: string) => string | undefined;
}

/** Calls of other tools that one call of the model may lead to, at any depth. */
const MAX_TOOL_INVOKES = 20;

/** One call of a tool that may run. Stopping it aborts the call. */
export const toolCall = fromPromise<TurnFact, ToolCallInput>(async ({ input, signal }) => {
  const { env, conversationId, effectId, call, earlierResult } = input;
  const startedAt = env.clock.now();
  const output = await env.tools.invoke(call.tool, call.arguments, {
    effectId,
    conversationId,
    timezone: env.settings.timezone,
    signal,
    callers: [],
    invokesLeft: { count: MAX_TOOL_INVOKES },
    tainted: false,
    earlierResult,
  });
  return {
    event: {
      type: 'tool.completed',
      effectId,
      callId: call.callId,
      outcome: output.ok ? 'succeeded' : 'failed',
      content: output.content,
      durationMs: env.clock.now() - startedAt,
    },
    writes: output.writes ?? [],
  };
});
