import type { Command } from 'commander';
import { type Context, printResult } from '../context.ts';
import type { Finish } from '../program.ts';
import { withRunning } from '../reach.ts';
import { settingsOf } from '../settings.ts';

const EXAMPLES = `
Limits stand in the section [budget] of config.toml: day_usd, month_usd, conversation_usd, turn_usd, agent_usd.

Examples:
  ironbark budget
  ironbark budget --json`;

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description(
      'Shows what models cost today and this month, by model and by conversation, and what they may cost.\n' +
        'Set aside is the most that calls may cost which run now, or were cut short.',
    )
    .addHelpText('after', EXAMPLES)
    .action(async () => {
      const settings = settingsOf(command, context.terminal);
      const [{ plainText }, { budgetText }] = await Promise.all([
        import('../../repl/index.ts'),
        import('../../budget/index.ts'),
      ]);
      const report = await withRunning(settings, context, (client) => client.budget());
      printResult(context, settings, report, () => plainText(budgetText(report)));
      finish(0);
    });
}
