import { condensedLines, condenseQuestion } from '../src/memory/consolidate/condense-question.ts';
import type { Condense } from '../src/memory/consolidate/fold-steps.ts';
import { askAside } from './ask-aside.ts';
import type { Environment } from './environment.ts';

/** Questions of one run; the rest is folded without a model. */
const MOST_CALLS = 12;
const PATIENCE_MS = 60_000;
/** A line for each of eight episodes. */
const MOST_OUTPUT_TOKENS = 1_000;

type Services = Parameters<typeof askAside>[0];

/**
 * Has a cheap model say what is worth knowing of episodes, twelve times a run at most. It is paid for by the user's
 * budgets, under the conversation `memory`; where they are used up, or the model fails, nobody is asked again in this run.
 */
export function condenseBy(env: Services & Pick<Environment, 'models'>, run: string): Condense {
  let calls = 0;
  return async (episodes) => {
    if (calls >= MOST_CALLS || !(await hasCheapModel(env))) return undefined;
    calls += 1;
    const order = {
      effectId: `${run}/${calls}`,
      payer: { conversationId: 'memory', turnId: run },
      question: condenseQuestion(episodes),
      maxOutputTokens: MOST_OUTPUT_TOKENS,
    };
    const { result, writes } = await askAside(env, order, AbortSignal.timeout(PATIENCE_MS));
    if (!result.ok) calls = MOST_CALLS;
    return { lines: result.ok ? condensedLines(result.value.text, episodes.length) : [], writes };
  };
}

/** The main model would cost more than it helps. */
async function hasCheapModel({ models }: Pick<Environment, 'models'>): Promise<boolean> {
  try {
    await models.ready();
    const cheap = models.chain('aside')[0].name;
    return cheap !== 'offline' && cheap !== models.chain('answer')[0].name;
  } catch {
    // None can be used at all.
    return false;
  }
}
