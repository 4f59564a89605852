import type { Command } from 'commander';
import { IronbarkError } from '../../core/errors.ts';
import type { MemoryStep, TidyReport } from '../../core/memory.ts';
import { type Context, printResult } from '../context.ts';
import { withMemory } from '../memory/with-memory.ts';
import type { Finish } from '../program.ts';
import { addGlobalOptions, settingsOf } from '../settings.ts';

const EXAMPLES = `
Examples:
  ironbark memory tidy --dry-run
  ironbark memory steps
  ironbark memory undo 01J9Z3M8Q4V5`;

/** `tidy`, `steps` and `undo` of `ironbark memory`. */
export function addTidyCommands(command: Command, context: Context, finish: Finish): void {
  const add = (usage: string): Command =>
    addGlobalOptions(command.command(usage)).allowExcessArguments(false);
  configureTidy(add('tidy'), context, finish);
  configureSteps(add('steps'), context, finish);
  configureUndo(add('undo <step>'), context, finish);
}

function configureTidy(command: Command, context: Context, finish: Finish): void {
  command
    .description(
      'Tidies what was learnt from conversations, as every night: merges what is said twice, makes old episodes\n' +
        'lines of a digest, and removes what is old, unused and unimportant. What you wrote yourself stays.',
    )
    .option('--dry-run', 'only say what would be done')
    .addHelpText('after', EXAMPLES)
    .action(async ({ dryRun = false }: { dryRun?: boolean }) => {
      const settings = settingsOf(command, context.terminal);
      const text = await stepsText();
      const report = await withMemory(settings, context, (memory) => memory.tidy({ dryRun }));
      printResult(context, settings, report, () => reportText(report, dryRun, text));
      finish(0);
    });
}

function reportText({ steps, busy }: TidyReport, dryRun: boolean, text: StepsText): string {
  if (busy !== undefined) return `${busy} Try again in a moment.`;
  if (steps.length === 0) return 'There is nothing to tidy.';
  return dryRun ? `It would do this:\n${text(steps)}` : text(steps);
}

/** Up to a thousand of them are told. */
const MOST_STEPS = 1_000;

function configureSteps(command: Command, context: Context, finish: Finish): void {
  command
    .description('Lists the steps by which memory was tidied, newest first, each with its reason.')
    .option('-n, --limit <count>', `how many at most (1 to ${MOST_STEPS})`, '20')
    .addHelpText('after', EXAMPLES)
    .action(async ({ limit }: { limit: string }) => {
      const settings = settingsOf(command, context.terminal);
      const text = await stepsText();
      const steps = await withMemory(settings, context, (memory) => memory.steps(countOf(limit)));
      printResult(context, settings, { steps }, () =>
        steps.length === 0 ? 'Memory has not been tidied yet.' : text(steps),
      );
      finish(0);
    });
}

function countOf(given: string): number {
  const count = Number(given);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_STEPS) return count;
  throw new IronbarkError('usage', `--limit must be a whole number from 1 to ${MOST_STEPS}.`);
}

function configureUndo(command: Command, context: Context, finish: Finish): void {
  command
    .description(
      'Undoes a step: every document is again as it was before it. Steps on one document, newest first.',
    )
    .addHelpText('after', EXAMPLES)
    .action(async (step: string) => {
      const settings = settingsOf(command, context.terminal);
      const { plainText } = await import('../../repl/index.ts');
      const outcome = await withMemory(settings, context, (memory) => memory.undo(step));
      if (!outcome.undone) throw new IronbarkError('usage', plainText(outcome.message));
      printResult(context, settings, outcome, () => plainText(outcome.message));
      finish(0);
    });
}

type StepsText = (steps: readonly MemoryStep[]) => string;

async function stepsText(): Promise<StepsText> {
  const { plainText } = await import('../../repl/index.ts');
  return (steps) => steps.map((step) => stepLines(step).map(plainText).join('\n  ')).join('\n');
}

function stepLines({ id, at, action, paths, reason, undone }: MemoryStep): readonly string[] {
  const head = [id, at.slice(0, 16).replace('T', ' '), action, undone ? '(undone)' : ''];
  return [head.filter((part) => part !== '').join('  '), reason, paths.join(', ')];
}
