import type { AgentOrder, JournalEntry, JournalRecord, ModelFailure } from '../src/core/journal.ts';
import { err, ok, type Result } from '../src/core/result.ts';
import {
  type CompactionPlan,
  compactionRequest,
  countTokens,
  measureText,
  measureTools,
  piecesOf,
  planCompaction,
  promptWindow,
  renderSystemPrompt,
} from '../src/llm/index.ts';
import type { Statement } from '../src/storage/index.ts';
import { offeredTools } from '../src/tools/index.ts';
import { askModel } from './ask-model.ts';
import type { Environment } from './environment.ts';
import { hasModel } from './has-model.ts';

export interface CompactionOrder {
  /** Of the conversation, as the session holds them. */
  readonly entries: readonly JournalEntry[];
  readonly conversationId: string;
  /** The turn that it is done in, which pays for it. */
  readonly turnId: string;
  readonly effectId: string;
  /** Where it is an agent's turn. */
  readonly agent?: AgentOrder;
  /** The user asked for it: everything but the newest two turns is summed up, although nothing is too long. */
  readonly force?: boolean;
}

type Compacted = Extract<JournalRecord, { type: 'history.compacted' }>;

export interface CompactionOutcome {
  /** What belongs into the journal; or why nothing was summed up, in words for the user. */
  readonly result: Result<Compacted, string>;
  /** What it did cost; to be committed with its outcome, whatever that is. */
  readonly writes: readonly Statement[];
}

/** Asks a model for a summary of the oldest turns of a conversation. */
export async function compact(
  env: Environment,
  order: CompactionOrder,
  signal: AbortSignal,
): Promise<CompactionOutcome> {
  if (!(await hasModel(env, 'answer'))) return { result: err(OFFLINE), writes: [] };
  const plan = await planned(env, order);
  if (!plan) return { result: err(NOTHING), writes: [] };
  const { conversationId, effectId } = order;
  env.feed.publish(conversationId, { type: 'progress', effectId, text: PROGRESS });
  const work = { env, order, plan, signal, calls: 0, writes: [] };
  const { result, writes } = await sumUp(work, plan.earlier, pieces(env, plan));
  if (!result.ok) return { result: err(`The conversation could not be summed up: ${result.error}`), writes };
  return { result: ok(await compacted(env, order, plan, result.value)), writes };
}

const PROGRESS = 'The conversation has become long: summing up how it began.';
const OFFLINE = 'Without a language model nothing can be summed up.';
const NOTHING = 'There is nothing to sum up yet: the newest exchanges always stay as they are.';

function planned(
  { models, tools, settings, clock }: Environment,
  { entries, agent, force = false }: CompactionOrder,
): Promise<CompactionPlan | undefined> {
  const system = renderSystemPrompt({ now: clock.now(), timezone: settings.timezone });
  const only = agent && { only: agent.tools };
  return planCompaction(entries, {
    window: promptWindow(models.current()),
    fixed: [measureText(system), measureTools(offeredTools({ registry: tools, entries, ...only }))],
    count: countTokens,
    force,
  });
}

/** Of the window of the model that is asked: so much is one piece of the conversation, in tokens. */
const PIECE_SHARE = 0.6;
/** Less than in prose, so that most texts fit at the first try. */
const CHARACTERS_A_TOKEN = 2.5;
/** So often a piece that did not fit is halved. */
const MOST_HALVINGS = 4;

function pieces({ models }: Environment, { messages }: CompactionPlan): readonly Piece[] {
  const { tokens } = promptWindow(models.chain('aside')[0]);
  const characters = Math.max(2_000, Math.floor(tokens * PIECE_SHARE * CHARACTERS_A_TOKEN));
  return piecesOf(messages, characters).map((text) => ({ text, halvings: 0 }));
}

interface Piece {
  readonly text: string;
  readonly halvings: number;
}

interface Work {
  readonly env: Environment;
  readonly order: CompactionOrder;
  readonly plan: CompactionPlan;
  readonly signal: AbortSignal;
  readonly calls: number;
  /** Of the calls so far. */
  readonly writes: readonly Statement[];
}

interface Summed {
  readonly result: Result<string, string>;
  readonly writes: readonly Statement[];
}

/** One piece after another, each with the summary of all before it. */
async function sumUp(work: Work, summary: string, [piece, ...rest]: readonly Piece[]): Promise<Summed> {
  if (!piece) return { result: ok(summary), writes: work.writes };
  const { result, writes } = await ask(work, summary, piece);
  const after = { ...work, calls: work.calls + 1, writes: [...work.writes, ...writes] };
  if (result.ok) return sumUp(after, result.value, rest);
  if (result.error.kind === 'context-too-long' && piece.halvings < MOST_HALVINGS)
    return sumUp(after, summary, [...halves(piece), ...rest]);
  return { result: err(result.error.message), writes: after.writes };
}

async function ask({ env, order, plan, signal, calls }: Work, summary: string, piece: Piece): Promise<Asked> {
  const { conversationId, turnId, agent } = order;
  const payer = { conversationId, turnId, ...(agent && { agent }) };
  // Each call is reserved and paid for by itself.
  const effectId = calls === 0 ? order.effectId : `${order.effectId}/${calls}`;
  const request = compactionRequest(summary, piece.text, plan);
  const asked = await askModel(env, { effectId, payer, purpose: 'aside', request }, signal);
  const { result } = asked;
  return { ...asked, result: result.ok ? written(result.value.text, plan) : result };
}

interface Asked {
  readonly result: Result<string, ModelFailure>;
  readonly writes: readonly Statement[];
}

/** A model that does not stop in time is stopped here: in no language has a token more than so many characters. */
const MOST_CHARACTERS_A_TOKEN = 6;

function written(text: string, { summaryTokens }: CompactionPlan): Result<string, ModelFailure> {
  const summary = text
    .trim()
    .slice(0, summaryTokens * 2 * MOST_CHARACTERS_A_TOKEN)
    .toWellFormed();
  return summary === '' ? err({ kind: 'empty', message: 'The model wrote nothing.' }) : ok(summary);
}

function halves({ text, halvings }: Piece): readonly Piece[] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].map((half) => ({ text: half, halvings: halvings + 1 }));
}

async function compacted(
  { ids }: Environment,
  { turnId }: CompactionOrder,
  plan: CompactionPlan,
  summary: string,
): Promise<Compacted> {
  const [tokensAfter = 0] = await countTokens([summary]);
  const { turnIds, tokens, origins } = plan;
  return {
    type: 'history.compacted',
    turnId,
    compactionId: ids.next(),
    turnIds,
    summary,
    tokensBefore: tokens,
    tokensAfter,
    ...(origins.length > 0 && { origins }),
  };
}
