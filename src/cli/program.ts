import { Command } from 'commander';
import { IronbarkError } from '../core/errors.ts';
import { configureRun } from './commands/run.ts';
import type { Context } from './context.ts';
import { addGlobalOptions } from './settings.ts';
import { reportTrouble } from './trouble.ts';

/** What a command's own file does to it: describes it, and says what it does. */
type Configure = (command: Command, context: Context, finish: Finish) => void;

/** To be called with the exit code by the command that ran. */
export type Finish = (code: number) => void;

interface Listed {
  readonly summary: string;
  /** Another name that people try. */
  readonly alias?: string;
  /** Not for people: in no list. */
  readonly hidden?: true;
  load(): Promise<{ configure: Configure }>;
}

/** Every command with its line in the help. Its file is loaded only when its name is on the command line. */
const COMMANDS: { readonly [name: string]: Listed } = {
  run: {
    summary: 'talk to the assistant, starting it if need be (default)',
    load: () => import('./commands/run.ts'),
  },
  serve: { summary: 'run it without a terminal', load: () => import('./commands/serve.ts') },
  status: { summary: 'whether it runs, where, and a login link', load: () => import('./commands/status.ts') },
  stop: { summary: 'stop the running one', load: () => import('./commands/stop.ts') },
  tree: { summary: 'the live supervision tree', load: () => import('./commands/tree.ts') },
  conversations: { summary: 'list conversations', load: () => import('./commands/conversations.ts') },
  search: { summary: 'find what was said', load: () => import('./commands/search.ts') },
  approvals: {
    summary: 'what waits for your approval, and answering it',
    load: () => import('./commands/approvals.ts'),
  },
  grants: {
    summary: 'what is allowed without asking: list, give beforehand, take back',
    load: () => import('./commands/grants.ts'),
  },
  policy: {
    summary: "the administrator's rules for tools, or what is wrong with them",
    load: () => import('./commands/policy.ts'),
  },
  hooks: {
    summary: 'what sees, changes or stops what passes through: list, test',
    load: () => import('./commands/hooks.ts'),
  },
  tool: {
    summary: 'install, look at, try and remove tools from outside (WebAssembly)',
    load: () => import('./commands/tool.ts'),
  },
  sandbox: {
    summary: 'containers: whether they can be had, and making their image',
    load: () => import('./commands/sandbox.ts'),
  },
  secrets: {
    summary: 'keys for tools, encrypted: set, list, delete, rotate',
    alias: 'secret',
    load: () => import('./commands/secrets.ts'),
  },
  models: {
    summary: 'language models: which are used and how they do, another one, what there is, a test',
    alias: 'model',
    load: () => import('./commands/models.ts'),
  },
  memory: {
    summary: 'what it remembers: search, read, write, forget, import, export',
    load: () => import('./commands/memory.ts'),
  },
  routines: {
    summary: 'what it does by itself, and when: list, create, edit, run, history',
    alias: 'cron',
    load: () => import('./commands/routines.ts'),
  },
  jobs: {
    summary: 'work that goes on by itself: list, order, follow, cancel',
    alias: 'job',
    load: () => import('./commands/jobs.ts'),
  },
  heartbeat: {
    summary: 'when it looks by itself whether something needs you: status, run',
    load: () => import('./commands/heartbeat.ts'),
  },
  notifications: {
    summary: 'what you were told without having asked',
    load: () => import('./commands/notifications.ts'),
  },
  hygiene: {
    summary: 'what is removed because it is old: status, run',
    load: () => import('./commands/hygiene.ts'),
  },
  audit: {
    summary: 'what was done, refused and granted; verify checks the log',
    load: () => import('./commands/audit.ts'),
  },
  budget: {
    summary: 'what models cost, and what they may cost',
    alias: 'cost',
    load: () => import('./commands/budget.ts'),
  },
  doctor: { summary: 'look for what is wrong, and put it right', load: () => import('./commands/doctor.ts') },
  replay: {
    summary: 'play recorded traces against the real assistant',
    load: () => import('./commands/replay.ts'),
  },
  diagrams: {
    summary: 'draw the statecharts it is made of (in a checkout)',
    load: () => import('./commands/diagrams.ts'),
  },
  chaos: {
    summary: 'crash, hang and delay actors on purpose, and see that nothing is lost',
    load: () => import('./commands/chaos.ts'),
  },
  config: {
    summary: 'show the configuration and where it comes from',
    load: () => import('./commands/config.ts'),
  },
  worker: {
    summary: 'work on one job, inside its container',
    hidden: true,
    load: () => import('./commands/worker.ts'),
  },
  'claude-bridge': {
    summary: 'let Claude Code work on one job, inside its container',
    hidden: true,
    load: () => import('./commands/claude-bridge.ts'),
  },
  'acp-bridge': {
    summary: 'let a program of the Agent Client Protocol work on one job, inside its container',
    hidden: true,
    load: () => import('./commands/acp-bridge.ts'),
  },
  version: { summary: 'print the version', load: () => import('./commands/version.ts') },
};

const EXAMPLES = `
Examples:
  ironbark                          talk in this terminal
  ironbark -m "what is on today?"   ask once and print the answer
  ironbark -m - < question.txt      the same, reading the question
  ironbark serve --port 0           run it without a terminal
  ironbark tree                     see what it is made of, alive

Exit codes: 0 done, 1 defect, 2 usage, 3 configuration, 4 storage, 5 newer database, 6 address in use,
7 nothing running or no answer, 8 turn failed, 9 approval needed, 10 check failed.`;

/** Runs one command line and resolves with the exit code. Whatever goes wrong has then been told. */
export async function runCli(argv: readonly string[], context: Context): Promise<number> {
  const { stdout, stderr } = context.terminal;
  let code = 0;
  try {
    const program = await buildProgram(argv, context, (result) => {
      code = result;
    });
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (thrown) {
    return reportTrouble(thrown, { stdout, stderr, json: argv.includes('--json') });
  }
}

async function buildProgram(argv: readonly string[], context: Context, finish: Finish): Promise<Command> {
  const { stdout, stderr } = context.terminal;
  const program = new Command('ironbark')
    .description(
      'A self-hosted assistant: every message journaled, every effect run once, every actor visible.',
    )
    .version(context.version, '-V, --version', 'print the version')
    .enablePositionalOptions()
    .helpCommand(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: () => {},
    });
  addGlobalOptions(program).addHelpText('after', EXAMPLES);
  configureRun(program, context, finish);
  refuseUnknownCommands(program);
  for (const [name, listed] of Object.entries(COMMANDS)) {
    const isMeant = argv.some((word) => word === name || word === listed.alias);
    await addCommand(program, name, listed, isMeant, (command, configure) =>
      configure(command, context, finish),
    );
  }
  return program;
}

async function addCommand(
  program: Command,
  name: string,
  { summary, alias, hidden, load }: Listed,
  isMeant: boolean,
  apply: (command: Command, configure: Configure) => void,
): Promise<void> {
  const command = addGlobalOptions(program.command(name, { hidden: hidden === true }).summary(summary));
  if (alias) command.alias(alias);
  if (isMeant) apply(command, (await load()).configure);
}

/** The program itself has an action, so a word that is no command reaches it as an argument. */
function refuseUnknownCommands(program: Command): void {
  program.allowExcessArguments().hook('preAction', async (_, acting) => {
    const [word] = acting === program ? program.args : [];
    if (word === undefined) return;
    const { nearest } = await import('../config/nearest.ts');
    const meant = nearest(word, Object.keys(COMMANDS));
    const hint = meant === undefined ? 'See: ironbark --help' : `Did you mean: ironbark ${meant}`;
    throw new IronbarkError('usage', `There is no command "${word}".`, hint);
  });
}
