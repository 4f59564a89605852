import { budgetText } from '../../src/budget/index.ts';
import type { SlashCommand } from './slash-command.ts';

export const cost: SlashCommand = {
  name: 'cost',
  aliases: ['budget'],
  group: 'the assistant',
  about: 'what models have cost, and what they may cost',
  run: async ({ env }) => ({ text: `\`\`\`\n${budgetText(await env.budgets.report())}\n\`\`\`` }),
};
