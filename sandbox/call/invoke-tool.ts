import type { JsonObject } from '../../src/core/json.ts';
import { OWNER } from '../../src/core/user.ts';
import type { Policy, PolicyDecision } from '../../src/policy/index.ts';
import type { ToolContext, ToolOutput, ToolRegistry } from '../../src/tools/index.ts';

/** Runs a tool on behalf of another one. Always resolves. */
export type InvokeTool = (tool: string, args: JsonObject, context: ToolContext) => Promise<ToolOutput>;

/** A tool called by a tool called by a tool called by the model. */
const MAX_DEPTH = 3;

/**
 * Tools that call tools, under the same policy as the model's calls. What would have to be asked about is refused:
 * nobody can be asked in the middle of a guest's work, and a guest's wish is not the user's. What the user granted
 * counts here as well.
 */
export function createInvokeTool(tools: ToolRegistry, policy: Pick<Policy, 'judge'>): InvokeTool {
  return async (name, args, context) => {
    const refusal = await refusalOf(tools, policy, name, args, context);
    if (refusal !== undefined) return { ok: false, content: refusal };
    context.invokesLeft.count -= 1;
    return tools.invoke(name, args, context);
  };
}

async function refusalOf(
  tools: ToolRegistry,
  policy: Pick<Policy, 'judge'>,
  name: string,
  args: JsonObject,
  { callers, invokesLeft, conversationId, origins, planning, agent }: ToolContext,
): Promise<string | undefined> {
  const tool = tools.get(name);
  if (!tool) return tools.missing(name);
  if (callers.includes(name)) return `${name} is already at work further up: a tool may not call itself.`;
  if (callers.length > MAX_DEPTH) return `Tools may call each other ${MAX_DEPTH} levels deep, and no deeper.`;
  if (invokesLeft.count <= 0) return 'This call has used up its calls of other tools.';
  const decision = await policy.judge({
    tool,
    arguments: args,
    conversationId,
    user: OWNER,
    origins,
    wish: [],
    done: [],
    unattended: true,
    planning,
    agent,
  });
  if (decision.verdict === 'allow') return undefined;
  // Who calls for an agent is told what the agent can do about it.
  return agent !== undefined && decision.verdict === 'refuse' ? decision.reason : reasonOf(name, decision);
}

function reasonOf(name: string, decision: Exclude<PolicyDecision, { verdict: 'allow' }>): string {
  const isForbidden = decision.verdict === 'refuse' && decision.rule !== 'unattended';
  return isForbidden
    ? decision.reason
    : `${decision.reason} Or call ${name} directly, where the user is asked.`;
}
