import type { SlashCommand } from './slash-command.ts';

export const tools: SlashCommand = {
  name: 'tools',
  group: 'the assistant',
  usage: '[WORDS]',
  about: 'the tools I can use, or those that fit',
  run({ env, argument }) {
    const words = argument.toLowerCase().split(/\s+/);
    const found = env.tools.list().filter(({ name, description }) => {
      const told = `${name} ${description}`.toLowerCase();
      return words.every((word) => told.includes(word));
    });
    if (found.length === 0) return { text: `No tool fits "${argument}". See /tools.` };
    return { text: found.map(({ name, description }) => `- \`${name}\` ${description}`).join('\n') };
  },
};
