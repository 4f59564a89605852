import { z } from 'zod';
import { defineTool } from '../define-tool.ts';
import type { Tool, ToolContext, ToolOutput } from '../tool.ts';

/** The tool that begins agents. */
export const SPAWN_TOOL = 'spawn_agent';

/** Whoever carries out the work of agents. */
export interface Agents {
  /**
   * Has the task done and waits for the end. The same effect again, after a crash, is the same agent: it is waited for,
   * or its result is there. Aborted by a time limit it stops the agent; the end of the calling turn stops it as well.
   */
  run(task: AgentTask, context: ToolContext): Promise<ToolOutput>;
}

export interface AgentTask {
  /** All that it is told. */
  readonly text: string;
  /** Tools that it may use; undefined: those of whoever calls. */
  readonly tools: readonly string[] | undefined;
  readonly maxIterations: number | undefined;
  /** Millionths of a US dollar. */
  readonly budgetMicroUsd: number | undefined;
}

const MICRO = 1_000_000;
const DAY_MS = 86_400_000;

/** A conversation of its own works on a task; its last words are the result. What it does is judged call by call. */
export function spawnAgentTool(agents: Agents): Tool {
  return defineTool({
    name: SPAWN_TOOL,
    description:
      'Give a self-contained task to an agent that sees nothing of this conversation and returns its result. Several of one answer run side by side. It cannot ask the user.',
    schema: z.object({
      task: z.string(),
      context: z.string().optional().describe('all that it must know'),
      tools: z.array(z.string()).optional().describe('default: all of yours'),
      max_steps: z.int().min(1).optional(),
      budget_usd: z.number().min(0).optional(),
    }),
    effect: 'idempotent',
    independent: true,
    approval: 'never',
    powers: [],
    // The limit of all tools is shorter.
    timeoutMs: DAY_MS,
    summary: ({ task }) => `Have an agent do this: ${task}`,
    run({ task, context, tools, max_steps, budget_usd }, toolContext) {
      const order: AgentTask = {
        text: context ? `${task}\n\nWhat you need to know:\n${context}` : task,
        tools: tools && tools.length > 0 ? tools : undefined,
        maxIterations: max_steps,
        budgetMicroUsd: budget_usd ? Math.round(budget_usd * MICRO) : undefined,
      };
      return agents.run(order, toolContext);
    },
  });
}
