import { memoryQuestion } from '../src/memory/index.ts';
import type { MemoryAnswer, MemoryQuestion } from '../src/tools/index.ts';
import { askModel } from './ask-model.ts';
import type { Environment } from './environment.ts';

/** Some 400 words. */
const MOST_OUTPUT_TOKENS = 600;

/** Asks a cheap model what passages of memory say to a question, on behalf of the tool whose call it is. */
export async function answerFromMemory(
  env: Environment,
  { effectId, conversationId, turnId, agent, question, passages }: MemoryQuestion,
  signal: AbortSignal,
): Promise<MemoryAnswer> {
  await env.models.ready();
  if (env.models.chain('aside')[0].name === 'offline') return { ok: false, message: NO_MODEL, writes: [] };
  const { system, message } = memoryQuestion(question, passages);
  const request = {
    system,
    messages: [{ role: 'user', text: message }],
    tools: [],
    maxOutputTokens: MOST_OUTPUT_TOKENS,
  } as const;
  const payer = { conversationId, turnId, ...(agent && { agent }) };
  const { result, writes } = await askModel(env, { effectId, payer, purpose: 'aside', request }, signal);
  return result.ok
    ? { ok: true, text: result.value.text.trim(), writes }
    : { ok: false, message: result.error.message, writes };
}

const NO_MODEL = 'no language model is set up that could answer.';
