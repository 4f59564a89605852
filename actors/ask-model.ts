import { describeStop, type Payer } from '../src/budget/index.ts';
import type { BudgetStop, ModelFailure } from '../src/core/journal.ts';
import { err, ok, type Result } from '../src/core/result.ts';
import { costMicroUsd, type Model, type ModelAnswer, type ModelRequest } from '../src/llm/index.ts';
import type { Statement } from '../src/storage/index.ts';
import type { Environment } from './environment.ts';
import { cacheKey } from './models/answer-cache.ts';
import { type AnsweredCall, CallDesk, type Reservation } from './models/call-desk.ts';
import type { Purpose } from './models/models.ts';
import { type Question, worstCostMicroUsd } from './models/worst-cost.ts';
import { answerWithoutSecrets, shownToModel } from './secrecy.ts';

/** A question to the language models on behalf of a turn. */
export interface ModelOrder {
  /** The effect that asks. Asked again under the same id, it is reserved for once. */
  readonly effectId: string;
  readonly payer: Payer;
  /** `answer`: the main models; `aside`: the cheap ones, then the main ones. */
  readonly purpose: Purpose;
  readonly request: Omit<ModelRequest, 'signal'>;
  /** What `onText` was told so far is void: another attempt begins. */
  readonly onRestart?: () => void;
}

export interface ModelOutcome {
  readonly result: Result<PaidAnswer, ModelFailure>;
  /** What the call did cost; to be committed with its outcome. */
  readonly writes: readonly Statement[];
}

export interface PaidAnswer extends ModelAnswer {
  /** Absent where the price is not known. */
  readonly costMicroUsd?: number;
  /** For the user: that a budget is nearly used up, that another model answered. */
  readonly notices?: readonly string[];
}

type Services = Pick<Environment, 'models' | 'budgets' | 'feed' | 'leaks' | 'knownReady' | 'log'>;

/**
 * Asks the language models: in its turn among the user's other calls, within the budgets, again where that may help,
 * and the next model where it does not. Nothing that is sent or comes back holds a secret of the user's. Rejects only
 * for a defect, or where the call's actor is lost; the same order may then be asked again.
 */
export async function askModel(env: Services, order: ModelOrder, signal: AbortSignal): Promise<ModelOutcome> {
  const { models } = env;
  await models.ready();
  const chain = models.chain(order.purpose);
  const question = await questionOf(env, order);
  const cache = order.purpose === 'aside' ? models.cache : undefined;
  const key = cache && cacheKey(chain[0].name, question);
  const known = key === undefined ? undefined : cache?.find(key);
  if (known) return { result: ok({ ...known, usage: NOTHING }), writes: [] };

  const desk = openDesk(env, order, chain, question, signal);
  const outcome = await models.run(desk, order.purpose, signal);
  if (!outcome.ok)
    return { result: outcome, writes: writesOfFailure(env, order, chain[0], desk, outcome.error) };
  const { answer } = outcome.value;
  if (key !== undefined && !answer.cut) cache?.keep(key, answerWithoutSecrets(env, answer));
  return paid(env, order, outcome.value);
}

async function questionOf(env: Services, { purpose, request }: ModelOrder): Promise<Question> {
  const { onText: _, ...rest } = request;
  // What nobody reads need not be thought about for long.
  const thinking = request.thinking ?? (purpose === 'aside' ? 'off' : env.models.thinking());
  return { ...rest, ...(thinking && { thinking }), messages: await shownToModel(env, request.messages) };
}

function openDesk(
  env: Services,
  order: ModelOrder,
  chain: readonly [Model, ...Model[]],
  question: Question,
  signal: AbortSignal,
): CallDesk {
  const { effectId, payer, request, onRestart = () => {} } = order;
  const { models } = env;
  return new CallDesk({
    models: chain,
    question,
    breakers: models.breakers,
    takeSlot: (call) => models.takeSlot(call, signal),
    random: models.random,
    reserve: (model) => reserve(env, order, model, question),
    onText: request.onText ?? (() => {}),
    onRestart,
    onProgress: (text) => env.feed.publish(payer.conversationId, { type: 'progress', effectId, text }),
  });
}

const UNLIMITED: Reservation = ok({});

function reserve(
  { budgets }: Services,
  { effectId, payer }: ModelOrder,
  model: Model,
  question: Question,
): Reservation | Promise<Reservation> {
  if (!model.price) return UNLIMITED;
  const microUsd = worstCostMicroUsd(model, model.price, question);
  return budgets
    .reserve({ effectId, payer, microUsd })
    .then((reserved) => (reserved.ok ? reserved : err(stopped(reserved.error))));
}

const stopped = (stop: BudgetStop): ModelFailure => ({
  kind: 'budget',
  message: describeStop(stop),
  budget: stop,
});

function paid(env: Services, { effectId, payer }: ModelOrder, call: AnsweredCall): ModelOutcome {
  const { answer, model, notices } = call;
  const { usage } = answer;
  const microUsd = model.price && costMicroUsd(model.price, usage);
  const value: PaidAnswer = {
    ...answerWithoutSecrets(env, answer),
    ...(microUsd !== undefined && { costMicroUsd: microUsd }),
    ...(notices.length > 0 && { notices }),
  };
  const writes = env.budgets.settle({ effectId, payer, model: model.name, usage, microUsd });
  return { result: ok(value), writes };
}

/** What was reserved is given back where nobody began to answer. Otherwise it stays: nobody says what it did cost. */
function writesOfFailure(
  { budgets }: Services,
  { effectId, payer }: ModelOrder,
  { name }: Model,
  desk: CallDesk,
  { kind }: ModelFailure,
): readonly Statement[] {
  if (desk.hasBegun || kind === 'interrupted' || kind === 'budget') return [];
  return budgets.settle({ effectId, payer, model: name, usage: NOTHING, microUsd: undefined });
}

const NOTHING = { inputTokens: 0, outputTokens: 0 };
