import { memoryQuestion } from '../src/memory/index.ts';
import type { MemoryAnswer, MemoryQuestion } from '../src/tools/index.ts';
import { askAside } from './ask-aside.ts';
import type { Environment } from './environment.ts';
import { hasModel } from './has-model.ts';

/** Some 400 words. */
const MOST_OUTPUT_TOKENS = 600;

/** Asks a cheap model what passages of memory say to a question, on behalf of the tool whose call it is. */
export async function answerFromMemory(
  env: Environment,
  { effectId, conversationId, turnId, agent, question, passages }: MemoryQuestion,
  signal: AbortSignal,
): Promise<MemoryAnswer> {
  if (!(await hasModel(env, 'aside'))) return { ok: false, message: NO_MODEL, writes: [] };
  const order = {
    effectId,
    payer: { conversationId, turnId, ...(agent && { agent }) },
    question: memoryQuestion(question, passages),
    maxOutputTokens: MOST_OUTPUT_TOKENS,
  };
  const { result, writes } = await askAside(env, order, signal);
  return result.ok
    ? { ok: true, text: result.value.text.trim(), writes }
    : { ok: false, message: result.error.message, writes };
}

const NO_MODEL = 'no language model is set up that could answer.';
