import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { Finish } from '../program.ts';
import { settingsOf } from '../settings.ts';

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description(
      'Runs the assistant without a terminal until it is stopped (Ctrl+C, SIGTERM, ironbark stop).',
    )
    .addHelpText('after', '\nExamples:\n  ironbark serve\n  ironbark serve --profile server --port 8080')
    .action(async () => {
      const { serve } = await import('../serve.ts');
      finish(await serve(settingsOf(command, context.terminal), context));
    });
}
