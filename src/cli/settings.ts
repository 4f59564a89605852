import { type Command, Option } from 'commander';
import { homeFolder } from '../config/home.ts';
import type { Config, ConfigRequest, Override } from '../config/index.ts';
import type { Settings, Terminal } from './context.ts';

interface GlobalFlags {
  readonly home?: string;
  readonly profile?: string;
  readonly json?: boolean;
  readonly port?: string;
  readonly logLevel?: string;
  readonly color?: boolean;
}

/** Adds the options that may stand before and after every command. */
export function addGlobalOptions(command: Command): Command {
  return command
    .addOption(new Option('--home <folder>', 'folder that holds everything (default: ~/.ironbark)'))
    .addOption(
      new Option('--profile <name>', 'settings to begin with: local, server, chaos, or one of your own'),
    )
    .addOption(new Option('--port <number>', 'port to listen on; 0 for any free one (default: 4747)'))
    .addOption(new Option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent'))
    .addOption(new Option('--json', 'print results and errors as JSON'))
    .addOption(new Option('--no-color', 'print without colours (also: NO_COLOR=1)'));
}

/** The global options of a command, wherever on the line they stood. */
export function settingsOf(command: Command, { env, stdout }: Terminal): Settings {
  const chain = lineage(command).map((one) => one.opts<GlobalFlags>());
  const flags: GlobalFlags = Object.assign({}, ...chain);
  const plain = Boolean(env.NO_COLOR) || chain.some(({ color }) => color === false);
  return {
    home: homeFolder(env, flags.home),
    json: flags.json === true,
    colour: !plain && stdout.isTTY === true && env.TERM !== 'dumb',
    ...(flags.profile !== undefined && { profile: flags.profile }),
    ...(flags.port !== undefined && { port: flags.port }),
    ...(flags.logLevel !== undefined && { logLevel: flags.logLevel }),
  };
}

/** What the configuration is made of for these options. */
export function configRequest(settings: Settings, { env }: Terminal): ConfigRequest {
  return {
    home: settings.home,
    env,
    overrides: overridesOf(settings),
    ...(settings.profile !== undefined && { profile: settings.profile }),
  };
}

/** Read here and not at start-up: most commands talk to a running assistant and need no configuration. */
export async function readConfig(settings: Settings, terminal: Terminal): Promise<Config> {
  const { loadConfig } = await import('../config/index.ts');
  return loadConfig(configRequest(settings, terminal));
}

function overridesOf({ port, logLevel }: Settings): readonly Override[] {
  return [
    ...(port === undefined
      ? []
      : [{ setting: 'gateway.port', value: /^\d+$/.test(port) ? Number(port) : port, flag: '--port' }]),
    ...(logLevel === undefined ? [] : [{ setting: 'log.level', value: logLevel, flag: '--log-level' }]),
  ];
}

/** The program, then its command, then that one's own. */
function lineage(command: Command): readonly Command[] {
  return command.parent === null ? [command] : [...lineage(command.parent), command];
}
