import type { SlashCommand } from './slash-command.ts';

const MAX_HITS = 5;

export const memory: SlashCommand = {
  name: 'memory',
  group: 'work',
  usage: 'WORDS',
  about: 'find what I keep in memory',
  async run({ env, argument }) {
    if (argument === '') return { text: 'Say what to look for: /memory birthday.' };
    const hits = await env.memory.search(argument, MAX_HITS);
    if (hits.length === 0) return { text: `Nothing in memory fits "${argument}".` };
    const found = hits.map(
      ({ path, snippet, updatedAt }) => `**${path}** (${updatedAt.slice(0, 10)})\n${snippet}`,
    );
    return { text: found.join('\n\n') };
  },
};
