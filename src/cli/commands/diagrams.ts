import type { Command } from 'commander';
import { EXIT_CODES } from '../../core/errors.ts';
import { type Context, printResult } from '../context.ts';
import type { Finish } from '../program.ts';
import { settingsOf } from '../settings.ts';

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description(
      'Draws the statecharts that the assistant is made of, as SVG, with a page that shows them. For a checkout.',
    )
    .option('--out <folder>', 'where the page and the folder `diagrams` are put', 'docs')
    .option('--check', 'write nothing; fail where what is there is not up to date')
    .addHelpText('after', '\nExamples:\n  ironbark diagrams\n  ironbark diagrams --check')
    .action(async (options: { readonly out: string; readonly check?: true }) => {
      const settings = settingsOf(command, context.terminal);
      const { drawCatalogue } = await import('../diagrams/draw.ts');
      const { staleFiles, writeFiles } = await import('../diagrams/files.ts');
      const files = await drawCatalogue();
      const stale = options.check ? staleFiles(options.out, files) : writeFiles(options.out, files);
      printResult(context, settings, { stale, checked: options.check === true }, () =>
        options.check
          ? verdict(stale)
          : `${stale.length} of ${files.length} files were drawn anew in ${options.out}.`,
      );
      finish(options.check && stale.length > 0 ? EXIT_CODES['check-failed'] : 0);
    });
}

function verdict(stale: readonly string[]): string {
  if (stale.length === 0) return 'The diagrams are up to date.';
  return `Not up to date: ${stale.join(', ')}. Draw them with: ironbark diagrams`;
}
