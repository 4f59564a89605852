import { visibleTurns } from '../../src/llm/index.ts';
import { branchedConversation, readTraits } from '../../src/storage/journal/index.ts';
import { exchanges, readCount } from './count.ts';
import type { CommandCall, SlashCommand } from './slash-command.ts';

export const branch: SlashCommand = {
  name: 'branch',
  aliases: ['fork'],
  group: 'conversations',
  usage: '[COUNT]',
  about:
    'go on from here in a new conversation, perhaps without the last COUNT exchanges; this one stays as it is',
  async run(call) {
    const { env, conversationId, argument } = call;
    const count = readCount(argument, 0);
    if (count === undefined) return { text: 'Say without how many of the last exchanges: /branch 2.' };
    const left = visibleTurns(call.entries).slice(visibleTurns(call.entries).length - count);
    const traits = await readTraits(env.database, conversationId);
    const made = {
      id: env.ids.next(),
      like: conversationId,
      title: `Branch of ${traits?.title ?? conversationId}`,
      at: new Date(env.clock.now()).toISOString(),
    };
    const without = left.length === 0 ? '' : `, without ${exchanges(left.length)}`;
    return {
      text: `A new conversation that begins as this one${without}. The other goes on with /resume ${conversationId}.`,
      writes: branchedConversation(made, beginOf(left[0] ?? call.turnId, call)),
      opens: made.id,
    };
  },
};

/** The number of the entry that a turn began with. */
function beginOf(turnId: string, { entries }: CommandCall): number {
  const began = entries.find((entry) => entry.type === 'turn.began' && entry.turnId === turnId);
  if (!began) throw new Error(`turn ${turnId} is not among the entries`);
  return began.seq;
}
