import { fromPromise } from 'xstate';
import { IronbarkError } from '../../src/core/errors.ts';
import type { JournalEntry } from '../../src/core/journal.ts';
import type { Environment } from '../environment.ts';
import type { TurnFact } from '../turn-fact.ts';
import type { CommandCall, CommandResult, SlashCommand } from './slash-command.ts';

interface CommandInput {
  readonly env: Environment;
  readonly conversationId: string;
  readonly effectId: string;
  /** What the user typed, beginning with a slash. */
  readonly text: string;
  readonly entries: readonly JournalEntry[];
}

/** A slash command: answered at once, in most cases without the model. All of them are loaded with the first one. */
export const command = fromPromise<TurnFact, CommandInput>(async ({ input, signal }) => {
  const { findCommand, unknownCommand } = await import('./table.ts');
  const { text: typed, ...given } = input;
  const [word = ''] = typed.slice(1).split(/\s/, 1);
  // As some channels and some people write it: `/undo@ironbark`, `/help?`.
  const name = word.toLowerCase().replace(/[@?!].*$/, '');
  const found = findCommand(name);
  const call = {
    ...given,
    turnId: currentTurn(given.entries),
    argument: typed.slice(word.length + 1).trim(),
    signal,
  };
  const { text, records = [], writes = [], opens } = found ? await told(found, call) : unknownCommand(name);
  return {
    event: {
      type: 'command.completed',
      effectId: input.effectId,
      command: found?.name ?? name,
      text,
      ...(opens !== undefined && { opens }),
    },
    records,
    writes,
  };
});

/** What was asked wrongly, or cannot be had, is the answer. */
async function told(wanted: SlashCommand, call: CommandCall): Promise<CommandResult> {
  try {
    return await wanted.run(call);
  } catch (error) {
    if (!(error instanceof IronbarkError && error.kind === 'usage')) throw error;
    return { text: error.explanation };
  }
}

function currentTurn(entries: readonly JournalEntry[]): string {
  const began = entries.findLast((entry) => entry.type === 'turn.began');
  if (!began) throw new Error('a command runs in a turn');
  return began.turnId;
}
