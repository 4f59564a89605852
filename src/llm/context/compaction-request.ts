import type { ModelRequest } from '../model.ts';
import { readPrompt } from '../prompts/read-prompt.ts';
import { frame } from './frame.ts';
import type { CompactionPlan } from './plan-compaction.ts';

const TEMPLATE = readPrompt('compaction.md');

/** Words a token in a summary, which has many names and numbers. */
const WORDS_A_TOKEN = 0.6;
/** Models do not count well, and some think before they write. */
const SPARE_TOKENS = 1_000;

/** Asks for one summary of what was summed up so far and what came after it. */
export function compactionRequest(
  earlier: string,
  conversation: string,
  { summaryTokens }: Pick<CompactionPlan, 'summaryTokens'>,
): Pick<ModelRequest, 'system' | 'messages' | 'tools' | 'maxOutputTokens'> {
  const words = Math.floor(summaryTokens * WORDS_A_TOKEN);
  const soFar = earlier === '' ? [] : [frame('summary', {}, earlier)];
  const text = [...soFar, frame('conversation', {}, conversation), 'Now write the summary.'].join('\n\n');
  return {
    system: TEMPLATE.replaceAll('{{words}}', String(words)),
    messages: [{ role: 'user', text }],
    tools: [],
    maxOutputTokens: summaryTokens * 2 + SPARE_TOKENS,
  };
}

/**
 * Messages put together into pieces of at most so many characters, in their order. A message that is longer is divided.
 */
export function piecesOf(messages: readonly string[], characters: number): readonly string[] {
  const pieces: string[] = [];
  let open = '';
  for (const part of messages.flatMap((message) => divided(message, characters))) {
    if (open !== '' && open.length + part.length + 2 > characters) {
      pieces.push(open);
      open = '';
    }
    open = open === '' ? part : `${open}\n\n${part}`;
  }
  return open === '' ? pieces : [...pieces, open];
}

function divided(message: string, characters: number): readonly string[] {
  const count = Math.ceil(message.length / characters);
  return Array.from({ length: count }, (_, at) => message.slice(at * characters, (at + 1) * characters));
}
