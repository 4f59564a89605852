import type { CommandGroup, SlashCommand } from './slash-command.ts';

const GROUPS: Readonly<Record<CommandGroup, string>> = {
  'this conversation': 'This conversation',
  conversations: 'Conversations',
  work: 'Work and memory',
  'the assistant': 'The assistant',
  answers: 'While I work, and when I ask',
};

/** All commands, by group. */
export function overview(commands: readonly SlashCommand[]): string {
  const groups = Object.entries(GROUPS).map(([group, heading]) => {
    const lines = commands.filter((command) => command.group === group).map(lineOf);
    return [`**${heading}**`, ...lines].join('\n');
  });
  return [...groups, 'Anything else you type goes to the assistant.'].join('\n\n');
}

export function helpOn(command: SlashCommand): string {
  const { aliases = [] } = command;
  const also = aliases.length > 0 ? ` Also: ${aliases.map((name) => `/${name}`).join(', ')}.` : '';
  return `${lineOf(command)}.${also}`;
}

function lineOf({ name, usage, about }: SlashCommand): string {
  return `\`/${name}${usage === undefined ? '' : ` ${usage}`}\` ${about}`;
}
