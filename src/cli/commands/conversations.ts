import type { Command } from 'commander';
import { type Context, printResult } from '../context.ts';
import type { Finish } from '../program.ts';
import { withRunning } from '../reach.ts';
import { settingsOf } from '../settings.ts';

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description('Lists conversations, latest first. Go on with one: ironbark -c ID.')
    .addHelpText('after', '\nExamples:\n  ironbark conversations\n  ironbark conversations --json')
    .action(async () => {
      const settings = settingsOf(command, context.terminal);
      const { conversationsText } = await import('../../repl/index.ts');
      const conversations = await withRunning(settings, context, (client) => client.conversations());
      printResult(context, settings, { conversations }, () => conversationsText(conversations));
      finish(0);
    });
}
