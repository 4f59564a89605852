import { fromPromise } from 'xstate';
import type { Verdict } from '../machines/tool-calls.ts';
import type { ToolCall } from '../src/core/journal.ts';
import { unparsedArguments } from '../src/llm/index.ts';
import type { Environment } from './environment.ts';
import type { TurnFact } from './turn-fact.ts';

export interface PolicyCheckInput {
  readonly env: Environment;
  readonly conversationId: string;
  readonly effectId: string;
  /** The calls that wait, in the order the model made them. */
  readonly calls: readonly ToolCall[];
}

/**
 * Decides what happens next to the calls of an answer. The first call is always judged; calls after it join it
 * only while all of them are free to run and read-only, since only those are independent of each other. The
 * rest keep their place until the ones before them are done.
 */
export const policyCheck = fromPromise<TurnFact, PolicyCheckInput>(async ({ input }) => {
  const verdicts: Verdict[] = [];
  for (const call of input.calls) {
    const verdict = await judge(input, call);
    if (verdicts.length > 0 && !runsBesideOthers(verdict)) break;
    verdicts.push(verdict);
    if (!runsBesideOthers(verdict)) break;
  }
  return { event: { type: 'calls.judged', effectId: input.effectId, verdicts } };
});

const runsBesideOthers = (verdict: Verdict): boolean =>
  verdict.verdict === 'allow' && verdict.effect === 'pure';

async function judge({ env, conversationId }: PolicyCheckInput, call: ToolCall): Promise<Verdict> {
  const { callId } = call;
  const unparsed = unparsedArguments(call.arguments);
  if (unparsed !== undefined) return { callId, verdict: 'refuse', content: malformed(unparsed) };
  const tool = env.tools.get(call.tool);
  if (!tool) return { callId, verdict: 'refuse', content: env.tools.missing(call.tool) };
  const { effect } = tool;
  const decision = await env.policy.judge({
    tool,
    arguments: call.arguments,
    conversationId,
    tainted: false,
  });
  switch (decision.verdict) {
    case 'allow':
      return { callId, verdict: 'allow', effect };
    case 'refuse':
      return { callId, verdict: 'refuse', content: decision.reason };
    case 'ask':
      return {
        callId,
        verdict: 'ask',
        effect,
        approvalId: env.ids.next(),
        reason: decision.reason,
        allowAlways: decision.allowAlways,
      };
  }
}

const malformed = (text: string): string =>
  `The arguments of this call are not a JSON object. Make the call again with proper JSON. They began: ${text.slice(0, 200)}`;
