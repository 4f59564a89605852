import { type ToolFailure, toolFailures } from '../../src/repair/index.ts';
import { orderRepair } from '../upkeep/repair.ts';
import type { CommandCall, CommandResult, SlashCommand } from './slash-command.ts';

export const repair: SlashCommand = {
  name: 'repair',
  group: 'work',
  usage: '[TOOL] [PATH]',
  about: 'has a broken tool repaired and built anew; alone: the tools that fail',
  run: (call) => {
    const [tool, ...path] = call.argument.split(/\s+/);
    return tool ? repairTool(call, tool, path.join(' ')) : listOf(call);
  },
};

async function listOf({ env }: CommandCall): Promise<CommandResult> {
  const failing = (await toolFailures(env.database)).filter(({ count }) => count > 0);
  if (failing.length === 0) return { text: 'No tool fails.' };
  return { text: failing.map(lineOf).join('\n') };
}

const lineOf = ({ tool, count, brokenAt, lastError, attempts, job, lastResult }: ToolFailure): string => {
  const state = brokenAt === null ? `failed ${count} times` : `broken, failed ${count} times`;
  const tried =
    attempts === 0 ? '' : ` Repairs: ${attempts}, the last by the job ${job}. ${lastResult ?? ''}`;
  return `- **${tool}**: ${state}, lastly with: ${lastError}${tried}`.trimEnd();
};

async function repairTool(
  { env, conversationId, effectId }: CommandCall,
  tool: string,
  path: string,
): Promise<CommandResult> {
  const { message, writes } = await orderRepair(env, { tool, path, conversationId, wishId: effectId });
  return { text: message, writes };
}
