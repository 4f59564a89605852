import type { ConversationSummary } from '../../src/core/assistant.ts';
import {
  findConversations,
  newConversation,
  recentConversations,
  searchEntries,
  setTitle,
} from '../../src/storage/journal/index.ts';
import { conversationLines } from './conversation-lines.ts';
import type { CommandCall, CommandResult, SlashCommand } from './slash-command.ts';

const MAX_LISTED = 20;
const MAX_TITLE = 80;

export const conversations: SlashCommand = {
  name: 'conversations',
  aliases: ['threads'],
  group: 'conversations',
  about: `the ${MAX_LISTED} latest conversations`,
  async run({ env }) {
    const latest = await recentConversations(env.database, MAX_LISTED);
    return { text: conversationLines(latest, env.settings.timezone) };
  },
};

export const newOne: SlashCommand = {
  name: 'new',
  group: 'conversations',
  usage: '[TITLE]',
  about: 'begin another conversation',
  run({ env, conversationId, argument }) {
    const id = env.ids.next();
    if (argument === '') return { text: 'A new conversation.', opens: id };
    const name = titleOf(argument);
    const at = new Date(env.clock.now()).toISOString();
    return {
      text: `A new conversation: ${name}`,
      writes: newConversation({ id, like: conversationId, title: name, at }),
      opens: id,
    };
  },
};

export const title: SlashCommand = {
  name: 'title',
  aliases: ['rename'],
  group: 'this conversation',
  usage: 'TEXT',
  about: 'name this conversation',
  run({ conversationId, argument }) {
    if (argument === '') return { text: 'Say what it is to be called: /title Holidays.' };
    const name = titleOf(argument);
    return { text: `This conversation is now called: ${name}`, writes: [setTitle(conversationId, name)] };
  },
};

const titleOf = (text: string): string => text.replace(/\s+/g, ' ').slice(0, MAX_TITLE).toWellFormed();

export const resume: SlashCommand = {
  name: 'resume',
  aliases: ['thread'],
  group: 'conversations',
  usage: '[ID or WORDS]',
  about: 'go on with another conversation: the latest, or by id, title or what was said in it',
  async run(call) {
    const { conversationId, argument } = call;
    const found = argument === '' ? await latest(call) : await wanted(call);
    const others = found.filter((one) => one.conversationId !== conversationId);
    return chosen(others, call);
  },
};

function latest({ env }: CommandCall): Promise<readonly ConversationSummary[]> {
  return recentConversations(env.database, 2);
}

/** By id or title; failing these, by what was said. */
async function wanted({ env, argument }: CommandCall): Promise<readonly ConversationSummary[]> {
  const named = await findConversations(env.database, argument, MAX_LISTED);
  if (named.length > 0) return named;
  const hits = await searchEntries(env.database, { query: argument, limit: MAX_LISTED });
  const ids = [...new Set(hits.map(({ conversationId }) => conversationId))];
  const found = await Promise.all(ids.map((id) => findConversations(env.database, id, 1)));
  return found.flat();
}

function chosen(found: readonly ConversationSummary[], { env, argument }: CommandCall): CommandResult {
  const [first, ...more] = found;
  if (!first) {
    const fits = argument === '' ? '' : ` that fits "${argument}"`;
    return { text: `There is no other conversation${fits}. See /conversations.` };
  }
  if (more.length === 0 || argument === '') {
    return { text: `Going on with: ${first.title ?? first.conversationId}`, opens: first.conversationId };
  }
  const lines = conversationLines(found, env.settings.timezone);
  return { text: `Several conversations fit. Give the id of one (its beginning will do):\n\n${lines}` };
}
