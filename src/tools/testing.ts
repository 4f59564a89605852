import type { JsonObject } from '../core/json.ts';
import type { Tool, ToolContext, ToolOutput } from './index.ts';

/** A context in which a test calls a tool. */
export function testContext(more: Partial<ToolContext> = {}): ToolContext {
  return {
    effectId: 'effect-1',
    conversationId: 'conversation-1',
    turnId: 'turn-1',
    planning: 'off',
    timezone: 'UTC',
    callers: [],
    invokesLeft: { count: 0 },
    origins: [],
    signal: new AbortController().signal,
    earlierResult: () => undefined,
    ...more,
  };
}

/** Calls the tool of that name. */
export async function callTool(
  tools: readonly Tool[],
  name: string,
  args: JsonObject,
  context: Partial<ToolContext> = {},
): Promise<ToolOutput> {
  const tool = tools.find((candidate) => candidate.name === name);
  if (!tool) throw new Error(`no tool ${name}`);
  return tool.execute(args, testContext(context));
}
