import type { JsonObject } from '../../src/core/json.ts';
import type { Policy } from '../../src/policy/index.ts';
import type { ToolContext, ToolOutput, ToolRegistry } from '../../src/tools/index.ts';

/** Runs a tool on behalf of another one. Always resolves. */
export type InvokeTool = (tool: string, args: JsonObject, context: ToolContext) => Promise<ToolOutput>;

/** A tool called by a tool called by a tool called by the model. */
const MAX_DEPTH = 3;

/**
 * Tools that call tools, under the same policy as the model's calls. What would have to be asked about is refused:
 * nobody can be asked in the middle of a guest's work, and a guest's wish is not the user's.
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
  { callers, invokesLeft, conversationId, tainted }: ToolContext,
): Promise<string | undefined> {
  const tool = tools.get(name);
  if (!tool) return tools.missing(name);
  if (callers.includes(name)) return `${name} is already at work further up: a tool may not call itself.`;
  if (callers.length > MAX_DEPTH) return `Tools may call each other ${MAX_DEPTH} levels deep, and no deeper.`;
  if (invokesLeft.count <= 0) return 'This call has used up its calls of other tools.';
  const decision = await policy.judge({ tool, arguments: args, conversationId, tainted });
  if (decision.verdict === 'allow') return undefined;
  return decision.verdict === 'refuse' ? decision.reason : askFirst(name, decision.allowAlways);
}

function askFirst(name: string, allowAlways: boolean): string {
  const instead = allowAlways
    ? 'The user can allow it for good by answering "always" when it is called directly.'
    : 'It can only be called directly, where the user is asked.';
  return `${name} may not run on behalf of another tool without the user being asked. ${instead}`;
}
