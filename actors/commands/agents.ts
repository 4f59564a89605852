import { agentConversations } from '../../src/storage/journal/index.ts';
import { conversationLines } from './conversation-lines.ts';
import type { SlashCommand } from './slash-command.ts';

const MAX_LISTED = 20;

export const agents: SlashCommand = {
  name: 'agents',
  group: 'work',
  about: 'the sub-agents of this conversation',
  async run({ env, conversationId }) {
    const found = await agentConversations(env.database, conversationId, MAX_LISTED);
    if (found.length === 0) return { text: 'No sub-agent has worked for this conversation.' };
    return { text: conversationLines(found, env.settings.timezone) };
  },
};
