import type { Command } from 'commander';
import { type Context, print, printResult, type Settings } from '../context.ts';
import type { Finish } from '../program.ts';
import { addGlobalOptions, configRequest, settingsOf } from '../settings.ts';

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description(
      'The configuration: defaults, then the profile, then config.toml, the environment, the command line.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  ironbark config show\n  ironbark config show --profile server --json\n  $EDITOR "$(ironbark config path)"',
    );
  const shown = addGlobalOptions(command.command('show')).description(
    'Every setting, its value, and where that is from.',
  );
  shown.action(async () => finish(await show(settingsOf(shown, context.terminal), context)));
  const path = addGlobalOptions(command.command('path')).description('The path of the configuration file.');
  path.action(async () => finish(await showPath(settingsOf(path, context.terminal), context)));
}

async function show(settings: Settings, context: Context): Promise<number> {
  const { explainConfig } = await import('../../config/index.ts');
  const { table } = await import('../../repl/index.ts');
  const lines = explainConfig(configRequest(settings, context.terminal));
  printResult(
    context,
    settings,
    lines.map(({ value = null, ...line }) => ({ ...line, value })),
    () => table(lines.map(({ setting, value, source }) => [setting, shown(value), source])),
  );
  return 0;
}

/** A list of sections, for example `memory.layers`, says nothing of itself. */
function shown(value: unknown): string {
  const isNested = Array.isArray(value) && value.some((item) => item instanceof Object);
  return isNested ? JSON.stringify(value) : String(value ?? '(not set)');
}

async function showPath({ home, json }: Settings, { terminal }: Context): Promise<number> {
  const { configPath } = await import('../../config/index.ts');
  const path = configPath(home);
  print(terminal.stdout, json ? JSON.stringify({ path }) : path);
  return 0;
}
