import { IronbarkError } from '../core/errors.ts';
import type { JobLimits, JobOrder } from '../core/work.ts';
import type { Job } from './job.ts';

/** What the desk knows beside the order itself. */
export interface OrderFacts {
  readonly id: string;
  readonly userId: string;
  /** The job in whose work it was ordered. */
  readonly parent: Job | undefined;
  readonly mayAsk: boolean;
  /** ISO 8601. */
  readonly at: string;
}

/** Jobs of jobs of jobs. */
const MOST_DEPTH = 3;
const MOST_ITERATIONS = 500;

/** The job that is made of an order: never more than what it is a part of. Throws `usage` where that cannot be. */
export function newJobOf(order: JobOrder, { id, userId, parent, mayAsk, at }: OrderFacts): Job {
  const depth = parent ? parent.depth + 1 : 0;
  if (depth > MOST_DEPTH) throw new IronbarkError('usage', TOO_DEEP);
  if (order.title.trim() === '') throw new IronbarkError('usage', 'A job needs a title.');
  return {
    id,
    userId,
    parentId: parent?.id ?? null,
    depth,
    title: order.title,
    description: order.description,
    work: order.work,
    priority: order.priority,
    projectDir: order.projectDir ?? `jobs/${id}`,
    limits: limitsWithin(order.limits, parent?.limits),
    tools: toolsWithin(order.tools, parent?.tools ?? null),
    credentials: order.credentials,
    by: order.by,
    origins: [...new Set([...order.origins, ...(parent?.origins ?? [])])],
    mayAsk,
    awaited: order.awaited === true,
    state: 'pending',
    orderId: null,
    attempts: 0,
    result: null,
    resultOrigins: [],
    tokens: 0,
    costMicroUsd: 0,
    createdAt: at,
    startedAt: null,
    completedAt: null,
    ahead: null,
  };
}

const TOO_DEEP = `A job of a job of a job of a job: that is as deep as it goes. Do it yourself.`;

function limitsWithin(own: JobLimits, above: JobLimits | undefined): JobLimits {
  return {
    iterations: Math.min(Math.max(1, own.iterations), MOST_ITERATIONS),
    tokens: least(own.tokens, above?.tokens),
    budgetMicroUsd: least(own.budgetMicroUsd, above?.budgetMicroUsd),
    minutes: least(own.minutes, above?.minutes),
  };
}

function least(own: number | null, above: number | null | undefined): number | null {
  const limits = [own, above ?? null].filter((limit) => limit !== null);
  return limits.length === 0 ? null : Math.min(...limits);
}

function toolsWithin(
  own: readonly string[] | null,
  above: readonly string[] | null,
): readonly string[] | null {
  if (own === null || above === null) return own ?? above;
  return own.filter((name) => above.includes(name));
}
