import { latestCompaction } from '../../src/llm/index.ts';
import { compact as sumUp } from '../compact.ts';
import type { CommandCall, CommandResult, SlashCommand } from './slash-command.ts';

export const compact: SlashCommand = {
  name: 'compact',
  aliases: ['summarize'],
  group: 'this conversation',
  about: 'sum up what came earlier, so that I read less each time',
  async run({ env, signal, ...call }: CommandCall): Promise<CommandResult> {
    const { entries, conversationId, turnId, effectId } = call;
    const order = { entries, conversationId, turnId, effectId, force: true };
    const { result, writes } = await sumUp(env, order, signal);
    if (!result.ok) return { text: result.error, writes };
    const { turnIds, tokensBefore, tokensAfter, summary } = result.value;
    const exchanges = turnIds.length === 1 ? '1 exchange' : `${turnIds.length} exchanges`;
    const saved = `about ${tokensBefore} tokens are now ${tokensAfter}`;
    return {
      text: `Summed up ${exchanges}; ${saved}. /expand shows me all of it again.\n\n${summary}`,
      records: [result.value],
      writes,
    };
  },
};

export const expand: SlashCommand = {
  name: 'expand',
  group: 'this conversation',
  about: 'take back the last summary: I read what came earlier in full again',
  run({ entries }) {
    const last = latestCompaction(entries);
    if (!last) return { text: 'Nothing is summed up.' };
    const { compactionId } = last;
    return {
      text: 'The summary is taken back: I read all of it again.',
      records: [{ type: 'history.expanded', compactionId }],
    };
  },
};
