import { nearest } from '../../src/config/nearest.ts';
import { version } from './about.ts';
import { agents } from './agents.ts';
import { answers } from './answers.ts';
import { branch } from './branch.ts';
import { compact, expand } from './compact.ts';
import { context } from './context.ts';
import { conversations, newOne, resume, title } from './conversations.ts';
import { cost } from './cost.ts';
import { heartbeat } from './heartbeat.ts';
import { helpOn, overview } from './help.ts';
import { clear, redo, retry, undo } from './history.ts';
import { jobs } from './jobs.ts';
import { memory } from './memory.ts';
import { mode } from './mode.ts';
import { model, thinking } from './model.ts';
import { plan } from './plan.ts';
import { repair } from './repair.ts';
import { routine, routines } from './routines.ts';
import { search } from './search.ts';
import type { CommandResult, SlashCommand } from './slash-command.ts';
import { tools } from './tools.ts';

const help: SlashCommand = {
  name: 'help',
  group: 'the assistant',
  usage: '[COMMAND]',
  about: 'what you can type',
  run: ({ argument }) => {
    const name = argument.replace(/^\//, '').toLowerCase();
    if (name === '') return { text: overview(COMMANDS) };
    const found = findCommand(name);
    return found ? { text: helpOn(found) } : unknownCommand(name);
  },
};

/** Every slash command, in the order in which `/help` lists them within their group. */
export const COMMANDS: readonly SlashCommand[] = [
  undo,
  redo,
  retry,
  clear,
  compact,
  expand,
  context,
  title,
  mode,
  newOne,
  resume,
  branch,
  conversations,
  search,
  plan,
  agents,
  ...jobs,
  memory,
  routines,
  routine,
  heartbeat,
  repair,
  help,
  tools,
  model,
  thinking,
  cost,
  version,
  ...answers,
];

const BY_NAME: ReadonlyMap<string, SlashCommand> = new Map(
  COMMANDS.flatMap((command) => [command.name, ...(command.aliases ?? [])].map((name) => [name, command])),
);

/** @param name in small letters, without the slash */
export function findCommand(name: string): SlashCommand | undefined {
  return BY_NAME.get(name);
}

export function unknownCommand(name: string): CommandResult {
  const names = [...BY_NAME.keys()];
  const begun = names.filter((known) => name.length > 1 && known.startsWith(name));
  const near = nearest(name, names);
  const meant = begun.length > 0 ? begun.slice(0, 4) : near === undefined ? [] : [near];
  const hint =
    meant.length > 0 ? `Did you mean ${meant.map((word) => `/${word}`).join(', ')}?` : 'See /help.';
  return { text: `There is no command /${name}. ${hint}` };
}
