import type { Command } from 'commander';
import { NotificationsReply } from '../../core/api/upkeep.ts';
import { IronbarkError } from '../../core/errors.ts';
import { type Context, printResult } from '../context.ts';
import type { Finish } from '../program.ts';
import { withApi } from '../reach.ts';
import { settingsOf } from '../settings.ts';

const EXAMPLES = `
How you are told what stands in the section [notify] of config.toml.

Examples:
  ironbark notifications
  ironbark notifications --limit 200 --json`;

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description('What you were told, or are to be told, without having asked for it; newest first.')
    .option('--limit <count>', 'how many', '50')
    .allowExcessArguments(false)
    .addHelpText('after', EXAMPLES)
    .action(async () => {
      const settings = settingsOf(command, context.terminal);
      const limit = limitOf(command.opts<{ limit: string }>().limit);
      const answer = await withApi(settings, context, (api) =>
        api.get('/api/notifications', NotificationsReply, { limit }),
      );
      printResult(context, settings, answer, () => textOf(answer));
      finish(0);
    });
}

function limitOf(given: string): number {
  const limit = Number(given);
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw new IronbarkError('usage', `--limit must be a whole number from 1 on, not "${given}".`);
}

function textOf({ notifications }: NotificationsReply): string {
  if (notifications.length === 0) return 'Nothing yet.';
  return notifications
    .map(
      ({ at, kind, state, from, text }) => `${at}  ${state.padEnd(7)}  ${kind}\n  ${from}: ${oneLine(text)}`,
    )
    .join('\n');
}

const MOST_CHARACTERS = 200;

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, MOST_CHARACTERS).toWellFormed();
