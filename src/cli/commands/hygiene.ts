import type { Command } from 'commander';
import { CleanReply, HygieneReply } from '../../core/api/upkeep.ts';
import { type Context, printResult } from '../context.ts';
import type { Finish } from '../program.ts';
import { withApi } from '../reach.ts';
import { addGlobalOptions, settingsOf } from '../settings.ts';

const EXAMPLES = `
How long what is kept stands in the section [hygiene] of config.toml. Documents of memory can be brought back:
ironbark memory steps, ironbark memory undo STEP.

Examples:
  ironbark hygiene status
  ironbark hygiene run --dry-run`;

export function configure(command: Command, context: Context, finish: Finish): void {
  command.description('What is removed because it is old.').addHelpText('after', EXAMPLES);

  const status = addGlobalOptions(command.command('status')).allowExcessArguments(false);
  status.description('Shows when that was last done, and what was removed.').action(async () => {
    const settings = settingsOf(status, context.terminal);
    const state = await withApi(settings, context, (api) => api.get('/api/hygiene', HygieneReply));
    printResult(context, settings, state, () =>
      state.last_at === null ? 'Not done yet.' : `Last done ${state.last_at}.\n${linesOf(state.removed)}`,
    );
    finish(0);
  });

  const run = addGlobalOptions(command.command('run')).allowExcessArguments(false);
  run
    .description('Removes what is old, now.')
    .option('--dry-run', 'only tells what would be removed')
    .action(async () => {
      const settings = settingsOf(run, context.terminal);
      const dry_run = run.opts<{ dryRun?: boolean }>().dryRun ?? false;
      const answer = await withApi(settings, context, (api) =>
        api.post('/api/hygiene/run', CleanReply, { dry_run }),
      );
      printResult(context, settings, answer, () =>
        answer.busy ? 'Another process does it just now.' : linesOf(answer.removed),
      );
      finish(answer.busy ? 1 : 0);
    });
}

function linesOf(removed: Readonly<Record<string, number>>): string {
  const lines = Object.entries(removed).map(([what, count]) => `${String(count).padStart(8)}  ${what}`);
  return lines.length === 0 ? 'Nothing is too old.' : lines.join('\n');
}
