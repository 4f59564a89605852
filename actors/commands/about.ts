import type { SlashCommand } from './slash-command.ts';

export const version: SlashCommand = {
  name: 'version',
  group: 'the assistant',
  about: 'the version of Ironbark',
  run: ({ env }) => ({ text: `Ironbark ${env.version}` }),
};
