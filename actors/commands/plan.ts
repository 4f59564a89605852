import { planOf, planText } from '../../src/plan/index.ts';
import type { SlashCommand } from './slash-command.ts';

/** With a task behind it this is no command but a turn of its own, see `session.ts`. */
export const plan: SlashCommand = {
  name: 'plan',
  group: 'work',
  usage: '[TASK]',
  about: 'plan first: nothing is changed until you have approved the plan; without a task, the plan we have',
  run({ entries }) {
    const current = planOf(entries)?.plan;
    if (!current) return { text: 'There is no plan. Say what is to be done: /plan tidy up my notes.' };
    return { text: `\`\`\`\n${planText(current)}\n\`\`\`` };
  },
};
