import type { AgentOrder } from '../../core/journal.ts';
import type { ToolDescription } from '../../llm/index.ts';

/** Those of the tools that may be used: an agent has only what it was given. */
export const usableBy = (
  agent: Pick<AgentOrder, 'tools'> | undefined,
  tools: readonly ToolDescription[],
): readonly ToolDescription[] =>
  agent === undefined ? tools : tools.filter(({ name }) => agent.tools.includes(name));
