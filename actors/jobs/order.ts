import type { AgentOrder } from '../../src/core/journal.ts';
import type { Job } from '../../src/work/index.ts';

/** Jobs talk to nobody but whoever ordered them: their end is told. */
const WITHHELD: ReadonlySet<string> = new Set(['message']);

/**
 * What a job is worked on with.
 *
 * @param all names of the tools there are, where it may use any
 */
export function jobAgentOrder(job: Job, all: readonly string[]): AgentOrder {
  const { by, limits, origins } = job;
  return {
    parentConversationId: by.kind === 'routine' ? '' : (by.conversationId ?? ''),
    parentTurnId: by.kind === 'model' ? by.turnId : '',
    depth: 1,
    tools: (job.tools ?? all).filter((name) => !WITHHELD.has(name)),
    budgetMicroUsd: limits.budgetMicroUsd,
    maxIterations: limits.iterations,
    origins,
    purpose: { kind: 'job', id: job.id, within: withinOf(job) },
    ...(limits.tokens !== null && { maxTokens: limits.tokens }),
    ...(limits.minutes !== null && { maxMinutes: limits.minutes }),
    ...(by.kind === 'user' && { byUser: true }),
    ...(job.mayAsk && { mayAsk: true }),
  };
}

function withinOf({ parentId, by }: Job) {
  if (parentId !== null) return { kind: 'job', id: parentId } as const;
  return by.kind === 'routine' ? ({ kind: 'routine', id: by.routineId, day: by.day } as const) : null;
}
