import type { z } from 'zod';
import type { JobBody } from '../../../core/api/jobs.ts';
import type { JobOrder } from '../../../core/work.ts';

/** What a person orders, who is asked about nothing: they said it themselves. */
export function orderOf(body: z.output<typeof JobBody>): JobOrder {
  const { title, description, mode, agent_name: agentName, budget_usd: budget } = body;
  return {
    title,
    description: description.trim() || title,
    work: { kind: 'task', mode, ...(agentName !== '' && { agentName }) },
    priority: body.priority,
    projectDir: body.project_dir || null,
    limits: {
      iterations: body.max_iterations,
      tokens: null,
      budgetMicroUsd: budget === null ? null : Math.round(budget * 1e6),
      minutes: body.max_minutes,
    },
    tools: null,
    credentials: body.credentials,
    by: { kind: 'user', conversationId: null },
    origins: [],
  };
}
