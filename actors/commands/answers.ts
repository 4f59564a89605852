import type { SlashCommand } from './slash-command.ts';

/** A turn takes these while it runs; a turn of their own means that nothing ran. */
const nothing =
  (text: string): SlashCommand['run'] =>
  () => ({ text });

const NOTHING_RUNS = 'Nothing is running.';
const NOTHING_WAITS = 'Nothing waits for an approval.';

export const answers: readonly SlashCommand[] = [
  {
    name: 'interrupt',
    aliases: ['stop'],
    group: 'answers',
    about: 'stop what I am doing',
    run: nothing(NOTHING_RUNS),
  },
  { name: 'approve', group: 'answers', about: 'allow what I asked for, once', run: nothing(NOTHING_WAITS) },
  {
    name: 'conversation',
    group: 'answers',
    about: 'allow it in this conversation',
    run: nothing(NOTHING_WAITS),
  },
  { name: 'always', group: 'answers', about: 'allow it from now on', run: nothing(NOTHING_WAITS) },
  {
    name: 'deny',
    group: 'answers',
    usage: '[REASON]',
    about: 'refuse it; say why if you like',
    run: nothing(NOTHING_WAITS),
  },
];
