import type { Inbound, Input } from '../../src/core/assistant.ts';
import type { AgentOrder, Origin } from '../../src/core/journal.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import { createAccept } from '../accept.ts';
import { awaitEnd } from '../agent-end.ts';
import type { Environment } from '../environment.ts';

/** On which beats are told what to look after, where they take tools. */
const HEARTBEAT_CHANNEL = 'heartbeat';

const MOST_ITERATIONS = 8;
const MOST_TOKENS = 100_000;
const MOST_MINUTES = 4;
/** Less than after which another process would take a beat for lost. */
const PATIENCE_MS = 240_000;

export interface BeatTurn {
  /** ISO 8601. */
  readonly dueAt: string;
  readonly text: string;
  /** By name. */
  readonly tools: readonly string[];
  /** Whose words, other than the user's, the text holds. */
  readonly origins: readonly Origin[];
}

interface Answer {
  readonly text: string;
  readonly origins: readonly Origin[];
}

/** Those of the tools that a beat may take: they look, and do nothing. */
export function readingTools(
  { tools }: Pick<Environment, 'tools'>,
  names: readonly string[],
): readonly string[] {
  return names.filter((name) => {
    const tool = tools.get(name);
    return tool?.effect === 'pure' && tool.powers.every((power) => power === 'reads-private');
  });
}

/**
 * Has a beat's question answered in a conversation of its own, by a turn that may look things up and is asked nothing. It
 * is found again by the beat's name, so that it is not done twice where the process dies. Rejects where it is stopped.
 */
export async function askWithTools(
  env: Environment,
  turn: BeatTurn,
  signal: AbortSignal,
): Promise<Result<Answer, string>> {
  const { inboxId, conversationId } = await createAccept(env)(inbound(turn, 'begin', inputOf(turn)));
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const end = await awaitEnd(env, { conversationId, inboxId }, AbortSignal.any([signal, patience]));
  if (end) return end.finish === 'failed' ? err(end.text) : ok({ text: end.text, origins: end.origins });
  if (signal.aborted) throw new Error('the beat was stopped');
  await createAccept(env)(inbound(turn, 'interrupt', { type: 'interrupt' }));
  return err('It took too long.');
}

const inbound = ({ dueAt }: BeatTurn, step: string, input: Input): Inbound => ({
  channel: HEARTBEAT_CHANNEL,
  externalId: `heartbeat/${dueAt}/${step}`,
  conversationId: `heartbeat-${Date.parse(dueAt)}`,
  input,
});

const inputOf = (turn: BeatTurn): Input => ({
  type: 'message',
  text: turn.text,
  mode: 'queue',
  unattended: true,
  agent: { ...beatOrder(turn.dueAt), tools: turn.tools, origins: turn.origins },
});

/** What a beat may use up. It is paid for by the user's budgets. */
export const beatOrder = (dueAt: string): AgentOrder => ({
  parentConversationId: '',
  parentTurnId: '',
  depth: 1,
  tools: [],
  budgetMicroUsd: null,
  maxIterations: MOST_ITERATIONS,
  maxTokens: MOST_TOKENS,
  maxMinutes: MOST_MINUTES,
  origins: [],
  purpose: { kind: 'heartbeat', id: dueAt, within: null },
});
