import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { Finish } from '../program.ts';
import { settingsOf } from '../settings.ts';

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description(
      'Plays recorded traces through the real assistant in a throw-away home, with the recorded answers in place of\n' +
        'the model, and checks what they expect. Folders are searched for *.json.',
    )
    .argument('<files...>', 'trace files or folders')
    .option('-v, --verbose', 'also tell what differs from the recording without failing')
    .addHelpText(
      'after',
      '\nExits with 10 where an expectation does not hold.\n\nExample:\n  ironbark replay traces/ -v',
    )
    .action(async (files: string[], flags: { verbose?: boolean }) => {
      const { json } = settingsOf(command, context.terminal);
      const { runReplay } = await import('../replay/index.ts');
      finish(await runReplay(files, { json, verbose: flags.verbose === true }));
    });
}
