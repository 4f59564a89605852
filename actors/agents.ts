import { createHash } from 'node:crypto';
import type { Inbound, Input } from '../src/core/assistant.ts';
import type { AgentOrder } from '../src/core/journal.ts';
import { err, ok, type Result } from '../src/core/result.ts';
import { unitedOrigins } from '../src/safety/index.ts';
import {
  type Agents,
  type AgentTask,
  SPAWN_TOOL,
  type ToolContext,
  type ToolOutput,
} from '../src/tools/index.ts';
import { createAccept } from './accept.ts';
import { type AgentEnd, awaitEnd } from './agent-end.ts';
import type { Environment } from './environment.ts';

/** On which agents are told what to do; they answer there as well, and nobody but the waiting call listens. */
const AGENT_CHANNEL = 'agent';

export interface AgentDesk extends Agents {
  /** From now on agents work in this tree. */
  connect(env: Environment): void;
}

/**
 * Agents are conversations like any other, each with a session and a journal of its own, so that they outlive crashes
 * like any other. The call that began one waits for its reply and may itself die: run again, it finds the conversation
 * by the id of its effect. An agent whose call has ended works for nobody and is stopped: at once where the call notices,
 * else by the sweeper (`stopOrphans`).
 */
export function createAgents(): AgentDesk {
  let env: Environment | undefined;
  return {
    connect(connected) {
      env = connected;
    },
    async run(task, context) {
      if (!env) return { ok: false, content: 'Agents cannot work just now. Do it yourself.' };
      const order = orderOf(task, context, env);
      return order.ok ? carryOut(env, task, order.value, context) : { ok: false, content: order.error };
    },
  };
}

/** The conversation of the agent that was begun by this effect. */
export function agentConversation(effectId: string): string {
  return `agent-${createHash('sha256').update(effectId).digest('hex').slice(0, 16)}`;
}

/** An agent may send agents, those may not. */
const MAX_DEPTH = 2;
const DEFAULT_ITERATIONS = 20;
/** They talk to nobody but who sent them. */
const WITHHELD: ReadonlySet<string> = new Set(['message']);

/** Never more than whoever sends it has. */
function orderOf(task: AgentTask, context: ToolContext, env: Environment): Result<AgentOrder, string> {
  const { agent, callers } = context;
  // The effect is the outer tool's, and it names one agent only.
  if (callers.length > 0) return err('Agents are sent by the assistant itself, not by a tool.');
  const depth = (agent?.depth ?? 0) + 1;
  if (depth > MAX_DEPTH) return err('You are an agent of an agent and can send none. Do it yourself.');
  const own = agent?.tools ?? env.tools.list().map(({ name }) => name);
  const offered = own.filter((name) => !WITHHELD.has(name) && (depth < MAX_DEPTH || name !== SPAWN_TOOL));
  const tools = task.tools ? offered.filter((name) => task.tools?.includes(name)) : offered;
  if (task.tools && tools.length === 0) {
    return err(
      `No agent was sent: none of these tools can be given to it. There are: ${offered.join(', ')}.`,
    );
  }
  return ok({
    parentConversationId: context.conversationId,
    parentTurnId: context.turnId,
    depth,
    tools,
    budgetMicroUsd: least(task.budgetMicroUsd, agent?.budgetMicroUsd),
    maxIterations: Math.min(
      task.maxIterations ?? DEFAULT_ITERATIONS,
      agent?.maxIterations ?? env.settings.turn.iterations,
    ),
    origins: unitedOrigins(context.origins, agent?.origins),
  });
}

function least(a: number | undefined, b: number | null | undefined): number | null {
  const limits = [a, b].filter((limit) => limit !== undefined && limit !== null);
  return limits.length === 0 ? null : Math.min(...limits);
}

async function carryOut(
  env: Environment,
  { text }: AgentTask,
  order: AgentOrder,
  context: ToolContext,
): Promise<ToolOutput> {
  const { effectId, planning, signal } = context;
  const input: Input = {
    type: 'message',
    text,
    mode: 'queue',
    unattended: true,
    agent: order,
    ...(planning === 'unapproved' && { planning: true }),
  };
  const { inboxId, conversationId } = await createAccept(env)(inbound(effectId, effectId, input));
  const end = await awaitEnd(env, { conversationId, inboxId }, signal);
  if (end) return outputOf(end);
  await stopWhereOver(env, effectId, signal).catch((error: unknown) =>
    env.log.debug({ conversationId, err: error }, 'agent not stopped; the sweeper will'),
  );
  return { ok: false, content: 'The agent was stopped.' };
}

const inbound = (effectId: string, externalId: string, input: Input): Inbound => ({
  channel: AGENT_CHANNEL,
  externalId,
  conversationId: agentConversation(effectId),
  input,
});

function outputOf({ finish, text, origins }: AgentEnd): ToolOutput {
  switch (finish) {
    case 'answered':
      return { ok: true, content: text || 'The agent finished without a word.', origins };
    case 'limited':
      return { ok: true, content: `${text}\n\n[The agent stopped at a limit and may not be done.]`, origins };
    case 'interrupted':
      return {
        ok: false,
        content: `The agent was stopped before it was done. It had written: ${text}`,
        origins,
      };
    case 'failed':
      return { ok: false, content: `The agent failed: ${text}`, origins };
  }
}

/** Where the call was cut off by a crash it will be made again, and its agent works on. */
async function stopWhereOver(env: Environment, effectId: string, signal: AbortSignal): Promise<void> {
  const { reason } = signal;
  const isTimedOut = reason instanceof DOMException && reason.name === 'TimeoutError';
  if (isTimedOut || (await isDone(env, effectId))) await stop(env, effectId);
}

async function isDone({ database }: Environment, effectId: string): Promise<boolean> {
  const { rows } = await database.query(`select from effect where id = $1 and state = 'done'`, [effectId]);
  return rows.length > 0;
}

async function stop(env: Environment, effectId: string): Promise<void> {
  const input = { type: 'interrupt' } as const;
  const message = inbound(effectId, `${effectId}/interrupt`, input);
  const { inboxId, conversationId, duplicate } = await createAccept(env)(message);
  // It may have been accepted and not told.
  if (duplicate) env.hints.inputAccepted(conversationId, { inboxId, channel: AGENT_CHANNEL, input });
}

/**
 * Stops agents whose call has ended without them: the process died before it could tell them, or the call ran out of
 * time.
 *
 * Cost: none where no agent works; else one query for all of them.
 *
 * @param keys of the durable actors that have work
 */
export async function stopOrphans(env: Environment, keys: readonly string[]): Promise<void> {
  const agents = keys.filter((key) => key.startsWith('session/agent-'));
  if (agents.length === 0) return;
  const { rows } = await env.database.query<{ effect_id: string }>(ORPHANS, [agents]);
  for (const { effect_id } of rows) await stop(env, effect_id);
}

/** Once an agent has replied, whatever goes on in its conversation is the user's own. */
const ORPHANS = `
  select e.id as effect_id
    from inbox i join effect e on e.id = i.external_id and e.state = 'done'
   where i.channel = 'agent' and i.actor_key = any ($1::text[])
     and not exists (select from journal j where j.actor_key = i.actor_key and j.type = 'turn.replied')`;
