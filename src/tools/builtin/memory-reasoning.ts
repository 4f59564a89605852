import { citedIn } from '../../memory/index.ts';
import type { AskMemory } from '../memory-services.ts';
import type { ToolContext, ToolOutput } from '../tool.ts';
import { type Found, listed, originsOf } from './memory-found.ts';

/** An answer to a question from what was found, with where it stands; what was found, where nobody can answer. */
export async function answerFrom(
  askMemory: AskMemory,
  { question, found }: { readonly question: string; readonly found: readonly Found[] },
  { effectId, conversationId, turnId, agent, signal }: ToolContext,
): Promise<ToolOutput> {
  const payer = { effectId, conversationId, turnId, ...(agent && { agent }) };
  const answer = await askMemory({ ...payer, question, passages: found }, signal);
  const { writes } = answer;
  if (!answer.ok) {
    const passages = listed(found);
    return {
      ...passages,
      content: `Not answered: ${answer.message} This was found:\n\n${passages.content}`,
      writes,
    };
  }
  const sources = citedIn(answer.text, found).map(({ name, at }) => `${name} (${at.slice(0, 10)})`);
  const content = `${answer.text}\n\nFrom: ${[...new Set(sources)].join(', ')}`;
  return { ok: true, content, origins: originsOf(found), writes };
}
