import type { Command } from 'commander';
import { type Context, printResult } from '../context.ts';
import type { Finish } from '../program.ts';
import { withRunning } from '../reach.ts';
import { settingsOf } from '../settings.ts';

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description(
      'Shows every actor of the running assistant: its state, its lives and restarts, its waiting messages.',
    )
    .addHelpText('after', '\nExamples:\n  ironbark tree\n  ironbark tree --json')
    .action(async () => {
      const settings = settingsOf(command, context.terminal);
      const { createStyle, treeText } = await import('../../repl/index.ts');
      const root = await withRunning(settings, context, (client) => client.tree());
      printResult(context, settings, root, () => treeText(root, createStyle(settings.colour)));
      finish(0);
    });
}
