import type { Command } from 'commander';
import { EXIT_CODES } from '../../core/errors.ts';
import { type Context, printResult } from '../context.ts';
import type { Finding } from '../doctor/finding.ts';
import type { Finish } from '../program.ts';
import { settingsOf } from '../settings.ts';

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description('Looks for what is wrong: the home folder, the configuration, the disk, what runs.')
    .option('--fix', 'put right what can be put right without asking')
    .addHelpText(
      'after',
      '\nExits with 10 where something failed.\n\nExamples:\n  ironbark doctor\n  ironbark doctor --fix --json',
    )
    .action(async ({ fix = false }: { fix?: boolean }) => finish(await examine(command, context, fix)));
}

async function examine(command: Command, context: Context, fix: boolean): Promise<number> {
  const settings = settingsOf(command, context.terminal);
  const { lookAtHome } = await import('../doctor/look-at-home.ts');
  const { lookAtRunning } = await import('../doctor/look-at-running.ts');
  const { plainText } = await import('../../repl/index.ts');
  const findings = [
    ...(await lookAtHome(settings, context.terminal, fix)),
    ...(await lookAtRunning(settings.home, context)),
  ];
  printResult(context, settings, { findings }, () => plainText(findings.map(asText).join('\n')));
  const hasFailed = findings.some(({ verdict }) => verdict === 'failure');
  return hasFailed ? EXIT_CODES['check-failed'] : 0;
}

const MARKS: { readonly [verdict in Finding['verdict']]: string } = { well: '✓', warning: '!', failure: '✗' };

function asText({ about, verdict, text, hint, fixed }: Finding): string {
  const line = `${MARKS[verdict]} ${about}: ${text}${fixed ? ' (put right)' : ''}`;
  return hint === undefined ? line : `${line}\n  ${hint}`;
}
