import type { Command } from 'commander';
import { IronbarkError } from '../../core/errors.ts';
import { type Context, printResult } from '../context.ts';
import type { Finish } from '../program.ts';
import { withRunning } from '../reach.ts';
import { settingsOf } from '../settings.ts';

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description('Finds what was said in all conversations. Each word may be just the beginning of one.')
    .argument('<words...>', 'what to look for')
    .option('-n, --limit <count>', 'how many places at most', '20')
    .addHelpText('after', '\nExamples:\n  ironbark search dentist\n  ironbark search holiday plan --json')
    .action(async (words: readonly string[], { limit }: { limit: string }) => {
      const settings = settingsOf(command, context.terminal);
      const { hitsText } = await import('../../repl/index.ts');
      const hits = await withRunning(settings, context, (client) =>
        client.search(words.join(' '), countOf(limit)),
      );
      printResult(context, settings, { hits }, () => hitsText(hits));
      finish(0);
    });
}

function countOf(limit: string): number {
  if (/^[1-9]\d{0,2}$/.test(limit)) return Number(limit);
  throw new IronbarkError('usage', `"${limit}" is not a number of places.`, 'Say, for example, --limit 5.');
}
