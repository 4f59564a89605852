import type { JobOrder } from '../../src/core/work.ts';
import type { JobRunner } from '../jobs/runner.ts';

/** A program that speaks the Agent Client Protocol. Orders name it by its name; without a name it is the first. */
interface AcpAgent {
  readonly name: string;
}

/** The runner of the mode `acp`, which takes only orders for programs that there are. */
export const withKnownAgents = (runner: JobRunner, agents: () => readonly AcpAgent[]): JobRunner => ({
  ...runner,
  refusal: async (order) => unknownAgent(order, agents()) ?? (await runner.refusal?.(order)),
});

function unknownAgent({ work }: JobOrder, agents: readonly AcpAgent[]): string | undefined {
  if (agents.length === 0) {
    return 'No program of the Agent Client Protocol is set up. What helps: [[sandbox.acp_agents]] in the configuration.';
  }
  const name = work.kind === 'task' ? work.agentName : undefined;
  if (name === undefined || agents.some((agent) => agent.name === name)) return undefined;
  return `There is no program "${name}" among those set up: ${agents.map((agent) => agent.name).join(', ')}.`;
}
