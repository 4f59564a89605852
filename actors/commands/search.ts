import type { SearchHit } from '../../src/core/assistant.ts';
import { searchEntries } from '../../src/storage/journal/index.ts';
import { moment } from './moment.ts';
import type { SlashCommand } from './slash-command.ts';

const MAX_HITS = 10;

export const search: SlashCommand = {
  name: 'search',
  aliases: ['find'],
  group: 'conversations',
  usage: 'WORDS',
  about: 'find what was said, in all conversations',
  async run({ env, argument }) {
    if (argument === '') return { text: 'Say what to look for: /search holiday plans.' };
    const hits = await searchEntries(env.database, { query: argument, limit: MAX_HITS });
    if (hits.length === 0) return { text: `Nothing was said with "${argument}" in it.` };
    const lines = hits.map((hit) => hitLine(hit, env.settings.timezone));
    return { text: [...lines, '', 'Go there with /resume ID.'].join('\n') };
  },
};

const SPEAKERS: Readonly<Record<SearchHit['by'], string>> = {
  user: 'you',
  assistant: 'I',
  notice: 'a notice',
};

function hitLine({ conversationId, title, at, by, snippet, hidden }: SearchHit, timeZone: string): string {
  const where = `**${title ?? '(no title)'}** ${moment(at, timeZone)} \`${conversationId}\``;
  return `- ${where}${hidden === null ? '' : ` (${hidden})`}\n  ${SPEAKERS[by]}: ${snippet}`;
}
