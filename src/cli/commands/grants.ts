import type { Command } from 'commander';
import { type Context, printResult } from '../context.ts';
import type { Finish } from '../program.ts';
import { withRunning } from '../reach.ts';
import { addGlobalOptions, settingsOf } from '../settings.ts';

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description('Lists what the assistant may always do without asking.')
    .addHelpText('after', '\nExamples:\n  ironbark grants\n  ironbark grants revoke 01J9Z3M8Q4V5')
    .action(async () => {
      const settings = settingsOf(command, context.terminal);
      const { grantsText } = await import('../../repl/index.ts');
      const grants = await withRunning(settings, context, (client) => client.grants());
      printResult(context, settings, { grants }, () => grantsText(grants));
      finish(0);
    });
  const revoke = addGlobalOptions(command.command('revoke <id>'));
  revoke.description('Takes a grant back: it asks again from now on.').action(async (id: string) => {
    const settings = settingsOf(revoke, context.terminal);
    await withRunning(settings, context, (client) => client.revoke(id));
    printResult(context, settings, { revoked: id }, () => `Revoked ${id}.`);
    finish(0);
  });
}
