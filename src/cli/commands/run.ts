import type { Command } from 'commander';
import { IronbarkError } from '../../core/errors.ts';
import { type Context, isInteractive, type Settings } from '../context.ts';
import type { Finish } from '../program.ts';
import { settingsOf } from '../settings.ts';

export interface RunFlags {
  readonly message?: string;
  readonly conversation?: string;
  readonly yes?: boolean;
}

export function configure(command: Command, context: Context, finish: Finish): void {
  command.description(
    'Talks to the assistant in this terminal: to the one that runs on the home folder, else to one that is\n' +
      'started for it. Without a terminal it serves until it is stopped. With -m it asks once and ends.',
  );
  configureRun(command, context, finish);
}

/** Both `ironbark` and `ironbark run` are this. */
export function configureRun(command: Command, context: Context, finish: Finish): void {
  command
    .option('-m, --message <text>', 'send this once and print the answer; - reads it from standard input')
    .option(
      '-c, --conversation <id>',
      'the conversation to go on with (default: the latest; with -m a new one)',
    )
    .option('-y, --yes', 'with -m: allow once whatever it asks to do')
    .action(async () => {
      const flags: RunFlags =
        command.parent === null ? command.opts() : { ...command.parent.opts(), ...command.opts() };
      finish(await run(flags, settingsOf(command, context.terminal), context));
    });
}

async function run(flags: RunFlags, settings: Settings, context: Context): Promise<number> {
  if (flags.message !== undefined) {
    const { askOnce } = await import('../ask-once.ts');
    return askOnce({ ...flags, message: flags.message }, settings, context);
  }
  if (flags.yes)
    throw new IronbarkError('usage', '--yes needs --message.', 'In a conversation you are asked each time.');
  if (!isInteractive(context.terminal)) {
    const { serve } = await import('../serve.ts');
    return serve(settings, context);
  }
  const { converse } = await import('../converse.ts');
  return converse(flags.conversation, settings, context);
}
