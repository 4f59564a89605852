import type { Command } from 'commander';
import { EXIT_CODES } from '../../core/errors.ts';
import { type Context, printResult, type Running, type Settings } from '../context.ts';
import type { Finish } from '../program.ts';
import { settingsOf } from '../settings.ts';

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description(
      'Says whether an assistant runs on the home folder, where, and how to log in with a browser.',
    )
    .addHelpText(
      'after',
      '\nExits with 7 where none runs.\n\nExamples:\n  ironbark status\n  ironbark status --json',
    )
    .action(async () => finish(await status(settingsOf(command, context.terminal), context)));
}

async function status(settings: Settings, context: Context): Promise<number> {
  const { home } = settings;
  const running = await context.access.findRunning(home);
  if (running === undefined) {
    printResult(context, settings, { running: false, home }, () => `Not running (home folder ${home}).`);
    return EXIT_CODES.unreachable;
  }
  const loginLink = await context.access.loginLink(home, running.url);
  printResult(context, settings, { running: true, home, ...running, loginLink }, () =>
    asText(running, home, loginLink),
  );
  return 0;
}

function asText({ url, pid, version }: Running, home: string, loginLink: string): string {
  return [
    `Running: Ironbark ${version} at ${url} (process ${pid}, home folder ${home})`,
    `In a browser (works once, within 10 minutes): ${loginLink}`,
  ].join('\n');
}
