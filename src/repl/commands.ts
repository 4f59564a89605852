/** A word that begins with `/`. Those of the assistant are sent to it as they are; the others act here. */
interface SlashCommand {
  readonly name: string;
  readonly usage: string;
  readonly what: string;
}

/** What this terminal does by itself. */
const LOCAL_COMMANDS: readonly SlashCommand[] = [
  { name: '/new', usage: '/new [TITLE]', what: 'begin another conversation' },
  { name: '/conversations', usage: '/conversations', what: 'list conversations, latest first' },
  {
    name: '/resume',
    usage: '/resume [ID or WORDS]',
    what: 'go on with a conversation (default: the latest other)',
  },
  { name: '/history', usage: '/history [COUNT]', what: 'show what was said before' },
  { name: '/steer', usage: '/steer TEXT', what: 'tell the running turn something (also: > TEXT)' },
  { name: '/queue', usage: '/queue TEXT', what: 'say something when the running turn is done' },
  { name: '/interrupt', usage: '/interrupt', what: 'stop the running turn (also: Esc)' },
  { name: '/approve', usage: '/approve', what: 'allow once what was asked (also: 1, yes)' },
  { name: '/conversation', usage: '/conversation', what: 'allow it in this conversation (also: 2, c)' },
  { name: '/always', usage: '/always', what: 'allow it always (also: 4, a)' },
  { name: '/deny', usage: '/deny [REASON]', what: 'refuse it and say why (also: 3 REASON, no)' },
  { name: '/grants', usage: '/grants', what: 'list what is always allowed' },
  { name: '/tree', usage: '/tree', what: 'show the live supervision tree' },
  { name: '/link', usage: '/link', what: 'make a login link for the browser' },
  { name: '/quit', usage: '/quit', what: 'leave (also: /exit, Ctrl+D)' },
];

/** Handled by the assistant, the same in every channel. Listed here for completion only. */
const ASSISTANT_COMMANDS = [
  '/agents',
  '/branch',
  '/cancel',
  '/clear',
  '/compact',
  '/context',
  '/cost',
  '/expand',
  '/heartbeat',
  '/help',
  '/job',
  '/jobs',
  '/list',
  '/memory',
  '/mode',
  '/model',
  '/plan',
  '/redo',
  '/repair',
  '/progress',
  '/retry',
  '/routine',
  '/routines',
  '/search',
  '/status',
  '/thinking',
  '/title',
  '/tools',
  '/undo',
  '/version',
];

/** Tab must not stop one letter short of `/conversations`, at a word that would allow something. */
const TYPED_OUT = '/conversation';

const COMPLETED = [...LOCAL_COMMANDS.map(({ name }) => name), '/exit', ...ASSISTANT_COMMANDS]
  .filter((name) => name !== TYPED_OUT)
  .sort();

/** What Tab offers for the first word. */
export const commandNames = (): readonly string[] => COMPLETED;

/** Whether the name has these letters, in this order. */
export function contains(name: string, letters: string): boolean {
  let from = 0;
  return [...letters].every((letter) => {
    const at = name.indexOf(letter, from);
    from = at + 1;
    return at >= 0;
  });
}

/** The commands of this terminal, as `/help` prints them above the assistant's own. */
export function localHelp(): string {
  const width = Math.max(...LOCAL_COMMANDS.map(({ usage }) => usage.length));
  const rows = LOCAL_COMMANDS.map(({ usage, what }) => `  ${usage.padEnd(width)}  ${what}`);
  return [
    'In this terminal:',
    ...rows,
    '  Enter while it works tells it something (/mode changes that); Ctrl+J goes on below, as \\ at a line end does.',
    '  Tab completes commands and what they take; @ and letters, then Tab: a file.',
    '  Ctrl+G opens your editor, Ctrl+S puts the draft aside and back, Ctrl+O shows the last call in full.',
    '  Up or Ctrl+R find what you typed before.',
  ].join('\n');
}
