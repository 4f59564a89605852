import type { Command } from 'commander';
import type { AuditEntry } from '../../core/audit.ts';
import { IronbarkError } from '../../core/errors.ts';
import { type Context, printResult } from '../context.ts';
import type { Finish } from '../program.ts';
import { withRunning } from '../reach.ts';
import { settingsOf } from '../settings.ts';

const USUAL_LINES = 50;

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description('Shows what tools from outside did, and what was refused and by which rule; newest first.')
    .option('--tool <name>', 'only of this tool')
    .option('--limit <number>', `how many lines (default: ${USUAL_LINES})`)
    .addHelpText('after', '\nExamples:\n  ironbark audit\n  ironbark audit --tool github --limit 200')
    .action(async (flags: { tool?: string; limit?: string }) => {
      const settings = settingsOf(command, context.terminal);
      const limit = readLimit(flags.limit);
      const { auditText } = await import('../../repl/index.ts');
      const entries = await withRunning(settings, context, (client) =>
        client.audit({ limit, ...(flags.tool !== undefined && { tool: flags.tool }) }),
      );
      printResult(context, settings, { entries }, () =>
        entries.length === 0 && flags.tool !== undefined
          ? `Nothing is on record of a tool named ${flags.tool}.`
          : auditText(entries.map(onOneLine)),
      );
      finish(0);
    });
}

/** What a tool said of itself may have many lines. */
const onOneLine = (entry: AuditEntry): AuditEntry => ({
  ...entry,
  message: entry.message.replace(/\s+/g, ' ').trim(),
});

function readLimit(text = String(USUAL_LINES)): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new IronbarkError('usage', `--limit must be a whole number from 1 to 9999, not "${text}".`);
}
