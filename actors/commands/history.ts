import type { Input } from '../../src/core/assistant.ts';
import type { JournalEntry } from '../../src/core/journal.ts';
import { visibleTurns } from '../../src/llm/index.ts';
import { readTraits } from '../../src/storage/journal/index.ts';
import { isConsequential } from '../../src/tools/index.ts';
import { createAccept } from '../accept.ts';
import type { Environment } from '../environment.ts';
import { exchanges, MOST_EXCHANGES, readCount } from './count.ts';
import type { CommandCall, CommandResult, SlashCommand } from './slash-command.ts';
import { undoneTurns } from './undone-turns.ts';

export const undo: SlashCommand = {
  name: 'undo',
  group: 'this conversation',
  usage: '[COUNT]',
  about: `take back the last exchange, or the last ${MOST_EXCHANGES} at most`,
  run: ({ env, argument, entries }) => {
    const count = readCount(argument);
    if (count === undefined) return { text: 'Say how many: /undo 3.' };
    const turnIds = visibleTurns(entries).slice(-count).reverse();
    if (turnIds.length === 0) return { text: 'There is nothing to undo.' };
    return {
      text: `Undone: ${exchanges(turnIds.length)}.${staysDone(env, entries, turnIds)}`,
      records: [{ type: 'history.changed', change: 'undo', turnIds }],
    };
  },
};

export const redo: SlashCommand = {
  name: 'redo',
  group: 'this conversation',
  usage: '[COUNT]',
  about: 'bring back what was undone, as long as nothing was said since',
  run: ({ argument, entries }) => {
    const count = readCount(argument);
    if (count === undefined) return { text: 'Say how many: /redo 3.' };
    const turnIds = undoneTurns(entries).slice(-count).reverse();
    if (turnIds.length === 0) return { text: 'There is nothing to redo.' };
    return {
      text: `Redone: ${turnIds.length === 1 ? 'the exchange is back' : `${turnIds.length} exchanges are back`}.`,
      records: [{ type: 'history.changed', change: 'redo', turnIds }],
    };
  },
};

export const clear: SlashCommand = {
  name: 'clear',
  group: 'this conversation',
  about: 'forget this conversation so far (its journal is kept)',
  run: ({ entries }) => ({
    text: 'Cleared. I start afresh from here.',
    records: [{ type: 'history.changed', change: 'clear', turnIds: visibleTurns(entries) }],
  }),
};

export const retry: SlashCommand = {
  name: 'retry',
  group: 'this conversation',
  about: 'take back the last exchange and say the same again',
  run: sayAgain,
};

/**
 * The message is accepted before the exchange is taken back: it waits for this very turn to end, and a crash in between
 * finds it accepted already.
 */
async function sayAgain({ env, conversationId, effectId, entries }: CommandCall): Promise<CommandResult> {
  const last = visibleTurns(entries).at(-1);
  const input = last === undefined ? undefined : saidIn(entries, last);
  if (last === undefined || input === undefined) return { text: 'There is nothing of yours to say again.' };
  const channel = (await readTraits(env.database, conversationId))?.channel;
  if (channel === undefined) throw new Error(`there is no conversation ${conversationId}`);
  await createAccept(env)({ channel, externalId: `retry/${effectId}`, conversationId, input });
  return {
    text: `${exchanges(1, 'The')} is taken back, and said again.${staysDone(env, entries, [last])}`,
    records: [{ type: 'history.changed', change: 'undo', turnIds: [last] }],
  };
}

/** What the user said in a turn, as one message; undefined where somebody else began it. */
function saidIn(entries: readonly JournalEntry[], turnId: string): MessageInput | undefined {
  const said = entries
    .filter((entry) => entry.type === 'turn.began' || entry.type === 'turn.steered')
    .filter((entry) => entry.turnId === turnId);
  const messages = said.flatMap((entry) => entry.messages);
  if (messages.length === 0 || messages.some(({ origin }) => origin !== undefined)) return undefined;
  const text = messages.map((message) => message.text).join('\n');
  const planning = said.some((entry) => entry.type === 'turn.began' && entry.planning === true);
  return { type: 'message', text, mode: 'queue', ...(planning && { planning }) };
}

type MessageInput = Extract<Input, { type: 'message' }>;

/** Taking back what was said does not take back what was done: names the tools that did something. */
function staysDone(env: Environment, entries: readonly JournalEntry[], turnIds: readonly string[]): string {
  const did = entries.flatMap((entry) =>
    entry.type === 'tool.requested' && turnIds.includes(entry.turnId) && hasEffect(env, entry)
      ? [entry.tool]
      : [],
  );
  const names = [...new Set(did)];
  return names.length === 0 ? '' : ` What ${names.join(', ')} did stays done.`;
}

function hasEffect(env: Environment, call: Extract<JournalEntry, { type: 'tool.requested' }>): boolean {
  const tool = env.tools.get(call.tool);
  return tool !== undefined && isConsequential(tool, call.arguments);
}
