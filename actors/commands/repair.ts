import { IronbarkError } from '../../src/core/errors.ts';
import {
  attemptStatement,
  leftAlone,
  repairOrder,
  type ToolFailure,
  toolFailures,
} from '../../src/repair/index.ts';
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

/** What a repair may use: it reads and changes the source, and has it built; it does not try it. */
const TOOLS = [
  'read_file',
  'write_file',
  'apply_patch',
  'list_dir',
  'grep',
  'glob',
  'tool_install',
  'tool_info',
];

async function repairTool(
  { env, conversationId, effectId }: CommandCall,
  tool: string,
  given: string,
): Promise<CommandResult> {
  const [failure] = await toolFailures(env.database, tool);
  if (!failure) return { text: `Nothing is known of a tool "${tool}" that failed. See: /repair` };
  const path = given || failure.source;
  if (!path) return { text: `Nobody noted where the source of ${tool} is. Say where: /repair ${tool} PATH` };
  const { maxAttempts } = env.settings.repair ?? { maxAttempts: 0 };
  if (failure.attempts >= maxAttempts) return { text: leftAlone(tool, failure.attempts) };
  try {
    const job = await env.work.create(
      {
        title: `Repair the tool ${tool}`,
        description: repairOrder(failure, path),
        work: { kind: 'task', mode: 'local' },
        priority: 'job',
        projectDir: null,
        limits: { iterations: 30, tokens: 500_000, budgetMicroUsd: null, minutes: 60 },
        tools: TOOLS,
        credentials: {},
        by: { kind: 'user', conversationId },
        origins: [`the tool ${tool}`],
      },
      `repair/${effectId}`,
    );
    return {
      text: `The job ${job.id} repairs ${tool}. You are asked before anything is installed.`,
      writes: [attemptStatement(tool, job.id)],
    };
  } catch (error) {
    if (error instanceof IronbarkError && error.kind === 'usage') return { text: error.message };
    throw error;
  }
}
