import type { JournalEntry, JournalRecord } from '../../src/core/journal.ts';
import type { Statement } from '../../src/storage/index.ts';
import type { Environment } from '../environment.ts';

/** One word with a slash. Each is a turn of its own, without the model; see `table.ts` for all of them. */
export interface SlashCommand {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly group: CommandGroup;
  /** What follows the name, in capitals where the user fills it in: `[COUNT]`. */
  readonly usage?: string;
  readonly about: string;
  run(call: CommandCall): CommandResult | Promise<CommandResult>;
}

export type CommandGroup = 'this conversation' | 'conversations' | 'work' | 'the assistant' | 'answers';

export interface CommandCall {
  readonly env: Environment;
  readonly conversationId: string;
  /** The turn that the command is. */
  readonly turnId: string;
  /** The same when the command is run again after a crash. */
  readonly effectId: string;
  /** What follows the name, trimmed. */
  readonly argument: string;
  /** The recent journal of the conversation, this command's beginning included. */
  readonly entries: readonly JournalEntry[];
  readonly signal: AbortSignal;
}

/** What a command answers. Records and writes commit together with the answer. */
export interface CommandResult {
  readonly text: string;
  readonly records?: readonly JournalRecord[];
  readonly writes?: readonly Statement[];
  /** The conversation that whoever typed it is taken to. */
  readonly opens?: string;
}
