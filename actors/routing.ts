import { fromPromise } from 'xstate';
import type { Origin, Route } from '../src/core/journal.ts';
import { classify, routeFrom, routeQuestion } from '../src/routing/index.ts';
import { askModel, type ModelOutcome } from './ask-model.ts';
import type { Environment } from './environment.ts';
import type { Models } from './models/models.ts';
import type { TurnFact } from './turn-fact.ts';

export interface RoutingInput {
  readonly env: Environment;
  readonly conversationId: string;
  readonly turnId: string;
  readonly effectId: string;
  /** What the user said. */
  readonly text: string;
  /** How long the answer is worth waiting for, in milliseconds; 3,000 unless given. */
  readonly patienceMs?: number;
}

/** The user waits meanwhile, and a wrong guess does no harm. */
const PATIENCE_MS = 3_000;

/**
 * One word is two tokens with its end. Some providers refuse a limit below 16 (OpenAI's Responses API), and a model
 * that begins to talk is cut off there.
 */
const MOST_OUTPUT_TOKENS = 16;

/** Has a cheap model say what a message wants. Whatever goes wrong, the guess of the rules stands. */
export const routing = fromPromise<TurnFact, RoutingInput>(async ({ input, signal }) => {
  const { effectId, text } = input;
  const { result, writes } = await ask(input, signal);
  const answered = result.ok ? routeFrom(result.value.text) : undefined;
  return { event: { type: 'turn.routed', effectId, route: answered ?? classify(text).route }, writes };
});

async function ask(input: RoutingInput, stopped: AbortSignal): Promise<ModelOutcome> {
  const { env, conversationId, turnId, effectId, text, patienceMs = PATIENCE_MS } = input;
  const { system, message } = routeQuestion(text);
  const request = {
    system,
    messages: [{ role: 'user', text: message }],
    tools: [],
    thinking: 'off',
    maxOutputTokens: MOST_OUTPUT_TOKENS,
  } as const;
  const order = { effectId, payer: { conversationId, turnId }, purpose: 'aside', request } as const;
  return askModel(env, order, AbortSignal.any([stopped, AbortSignal.timeout(patienceMs)]));
}

export interface RouteGuess {
  readonly route: Route;
  /** A cheap model should be asked: the rules can only guess, and there is one. */
  readonly unsure: boolean;
}

/** How a message is understood by the rules. Only the user commands, and only the user is worth a question. */
export function routeOf(
  text: string,
  origin: Origin | undefined,
  { models, previous }: { readonly models?: Pick<Models, 'chain'>; readonly previous?: Route } = {},
): RouteGuess {
  const { route, unsure } = classify(text, previous === undefined ? {} : { previous });
  if (origin !== undefined) return { route: route === 'command' ? 'task' : route, unsure: false };
  return { route, unsure: unsure && models !== undefined && hasCheapModel(models) };
}

/** The main model would cost more than it helps. */
function hasCheapModel(models: Pick<Models, 'chain'>): boolean {
  try {
    return models.chain('aside')[0].name !== models.chain('answer')[0].name;
  } catch {
    // None can be used at all; the turn's own call will say so.
    return false;
  }
}
