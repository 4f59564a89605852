import type { AgentOrder } from '../../core/journal.ts';
import type { JsonObject } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { JobOrder, JobPriority, JobWork } from '../../core/work.ts';
import type { ToolContext } from '../tool.ts';
import { type AskedJob, type Fields, isFields, textOf } from './asked-job.ts';
import { nameTrouble } from './environment-names.ts';

const DEFAULT_ITERATIONS = 50;
const MAX_ITERATIONS = 500;
const MAX_MINUTES = 24 * 60;
const MAX_CREDENTIALS = 20;
const MAX_SUBTASKS = 50;
const MAX_TITLE = 200;
const MICRO_USD = 1_000_000;

/** Why such a call cannot be carried out by anybody, in whatever turn. */
export function orderTrouble(asked: AskedJob): string | undefined {
  const names = Object.entries(asked.credentials);
  if (names.length > MAX_CREDENTIALS)
    return `A job is given ${MAX_CREDENTIALS} secrets at most; these are ${names.length}.`;
  if (names.length > 0 && asked.mode === 'local') {
    return 'Secrets are given to jobs in containers only (mode worker, claude_code or acp). A local job needs none: its tools use theirs by themselves.';
  }
  if (asked.mode === 'acp' && asked.agentName === '')
    return 'The mode acp needs agent_name: one of the agents in the configuration.';
  if (asked.subtasks.length > MAX_SUBTASKS)
    return `One call orders ${MAX_SUBTASKS} jobs at most; these are ${asked.subtasks.length}.`;
  return names.map(([, name]) => nameTrouble(name)).find((trouble) => trouble !== undefined);
}

/** The jobs that a call orders: one, or one for each subtask. Never more than whoever orders has. */
export function ordersOf(asked: AskedJob, context: ToolContext): Result<readonly JobOrder[], string> {
  const trouble = orderTrouble(asked) ?? placeTrouble(context);
  if (trouble !== undefined) return err(trouble);
  const whole = orderOf(asked, context);
  if (asked.subtasks.length === 0) return ok([whole]);
  const orders = asked.subtasks.map((subtask, at) => partOf(whole, subtask, at));
  const bad = orders.find((order) => !order.ok);
  return bad ?? ok(orders.flatMap((order) => (order.ok ? [order.value] : [])));
}

function placeTrouble({ agent, callers, planning }: ToolContext): string | undefined {
  // The effect is the outer tool's, and it names one order only.
  if (callers.length > 0) return 'Jobs are ordered by the assistant itself, not by a tool.';
  if (planning === 'unapproved')
    return 'The user wants to approve a plan first: propose one with plan_update. Nothing was ordered.';
  if (agent === undefined) return undefined;
  // An agent ends with the call that sent it, and what it leaves behind would be nobody's.
  if (agent.purpose === undefined)
    return 'An agent orders no jobs. Do it yourself, or say in your result that it is left to do.';
  return undefined;
}

function orderOf(asked: AskedJob, context: ToolContext): JobOrder {
  const { agent, origins } = context;
  const description = asked.description || asked.title;
  return {
    title: named(asked.title || description),
    description,
    work: {
      kind: 'task',
      mode: asked.mode,
      ...(asked.agentName !== '' && { agentName: asked.agentName }),
    },
    priority: asked.priority ?? priorityOf(asked, context),
    projectDir: asked.projectDir || null,
    limits: limitsOf(asked, agent),
    tools: agent?.tools ?? null,
    credentials: asked.credentials,
    by: orderedBy(context),
    ...(asked.wait && { awaited: true }),
    origins: [...new Set([...origins, ...(agent?.origins ?? [])])],
  };
}

/** Where a conversation waits for it, somebody does. */
const priorityOf = ({ wait }: AskedJob, { agent }: ToolContext): JobPriority =>
  wait && agent === undefined ? 'interactive' : 'job';

function orderedBy(context: ToolContext): JobOrder['by'] {
  const { conversationId, turnId } = context;
  return { kind: 'model', conversationId, turnId, jobId: jobAtWork(context) ?? null };
}

/** The job whose work the call is. */
export const jobAtWork = ({ agent }: ToolContext): string | undefined =>
  agent?.purpose?.kind === 'job' ? agent.purpose.id : undefined;

function limitsOf(asked: AskedJob, agent: AgentOrder | undefined): JobOrder['limits'] {
  const iterations = Math.min(positive(asked.maxIterations) ?? DEFAULT_ITERATIONS, MAX_ITERATIONS);
  const budget = positive(asked.budgetUsd);
  const minutes = positive(asked.maxMinutes);
  return {
    iterations: Math.min(iterations, agent?.maxIterations ?? MAX_ITERATIONS),
    tokens: agent?.maxTokens ?? null,
    budgetMicroUsd: least(budget && Math.round(budget * MICRO_USD), agent?.budgetMicroUsd),
    minutes: least(minutes && Math.min(minutes, MAX_MINUTES), agent?.maxMinutes),
  };
}

const positive = (value: number): number | undefined => (value > 0 ? value : undefined);

function least(a: number | undefined, b: number | null | undefined): number | null {
  const limits = [a, b].filter((limit) => limit !== undefined && limit !== null);
  return limits.length === 0 ? null : Math.min(...limits);
}

/** A part has a task of its own and is told the whole; or it is the call of one tool. */
function partOf(whole: JobOrder, subtask: unknown, at: number): Result<JobOrder, string> {
  const part: Fields = isFields(subtask) ? subtask : { description: subtask };
  const title = textOf(part.title);
  const tool = textOf(part.tool);
  if (tool !== '') {
    const work: JobWork = { kind: 'tool', tool, arguments: argumentsOf(part.arguments) };
    return ok({ ...whole, work, title: named(title || `${whole.title}: ${tool}`), credentials: {} });
  }
  const task = textOf(part.description) || title;
  if (task === '') return err(badPart(at));
  const told = `${task}\n\nIt is part of this:\n${whole.description}`;
  return ok({ ...whole, title: named(title || task), description: told });
}

const badPart = (at: number): string =>
  `Subtask ${at + 1} says nothing. Each is {title, description}, or {tool, arguments}.`;

/** Arguments of a call were JSON, whatever their schema said of them. */
function argumentsOf(given: unknown): JsonObject {
  return isFields(given) ? JSON.parse(JSON.stringify(given)) : {};
}

const named = (title: string): string => title.slice(0, MAX_TITLE);
