import { type Command, Option } from 'commander';
import { EXIT_CODES, IronbarkError } from '../../core/errors.ts';
import { type Context, print, printResult, type Settings } from '../context.ts';
import { withApi } from '../reach.ts';
import { followJob, orderJob, showJob } from './job-requests.ts';
import { eventText } from './jobs-text.ts';
import { amountOf, countOf } from './read-number.ts';

export interface CreateFlags {
  readonly description?: string;
  readonly mode: string;
  readonly agent?: string;
  readonly priority: string;
  readonly dir?: string;
  readonly budget?: string;
  readonly minutes?: string;
  readonly iterations?: string;
  readonly credential?: readonly string[];
  readonly wait?: true;
}

export const describeCreate = (sub: Command): Command =>
  sub
    .option('-d, --description <text>', 'all that it is told, - for standard input (default: the title)')
    .addOption(
      new Option('--mode <mode>', 'where it works')
        .choices(['local', 'worker', 'claude_code', 'acp'])
        .default('local'),
    )
    .option('--agent <name>', 'with --mode acp: which agent')
    .addOption(
      new Option('--priority <which>', 'who is served first')
        .choices(['interactive', 'job', 'routine', 'maintenance'])
        .default('job'),
    )
    .option('--dir <folder>', 'where it works, below the files folder (default: a folder of its own)')
    .option('--budget <usd>', 'what it may cost, in US dollars')
    .option('--minutes <count>', 'how long it may work')
    .option('--iterations <count>', 'how many steps it may take (default: 50)')
    .option('--credential <secret=NAME...>', 'in a container: a secret, and the variable it is given as')
    .option('--wait', 'show what it does, and its result; exits with 8 where it failed');

/** Orders a job; with `--wait`, shows what it does and resolves with the exit code. */
export async function createJob(
  title: string,
  flags: CreateFlags,
  settings: Settings,
  context: Context,
): Promise<number | undefined> {
  const order = await orderOf(title, flags, context);
  return withApi(settings, context, async (api) => {
    const ordered = await orderJob(api, order);
    const isQuiet = settings.json || !flags.wait;
    if (!isQuiet) print(context.terminal.stderr, `Job ${ordered.id}`);
    if (!flags.wait) {
      printResult(
        context,
        settings,
        ordered,
        () => `Ordered ${ordered.id}. See: ironbark jobs events ${ordered.id} -f`,
      );
      return undefined;
    }
    await followJob(api, ordered.id, 0, (event) => {
      // The result is printed by itself.
      if (!isQuiet && event.type !== 'result') print(context.terminal.stderr, eventText(event));
    });
    const job = await showJob(api, ordered.id);
    printResult(context, settings, job, () => job.result ?? `It is ${job.state} and left no words.`);
    return job.state === 'failed' || job.state === 'cancelled' ? EXIT_CODES['turn-failed'] : 0;
  });
}

async function orderOf(title: string, flags: CreateFlags, context: Context): Promise<object> {
  const { description, agent, dir, budget, minutes, iterations, credential = [] } = flags;
  return {
    title,
    mode: flags.mode,
    priority: flags.priority,
    ...(description !== undefined && { description: await textOf(description, context) }),
    ...(agent !== undefined && { agent_name: agent }),
    ...(dir !== undefined && { project_dir: dir }),
    ...(budget !== undefined && { budget_usd: amountOf(budget, '--budget') }),
    ...(minutes !== undefined && { max_minutes: amountOf(minutes, '--minutes') }),
    ...(iterations !== undefined && { max_iterations: countOf(iterations, 500, '--iterations') }),
    credentials: Object.fromEntries(credential.map(credentialOf)),
  };
}

async function textOf(given: string, { terminal }: Context): Promise<string> {
  if (given !== '-') return given;
  const chunks = await terminal.stdin.setEncoding('utf8').toArray();
  return chunks.join('');
}

function credentialOf(given: string): readonly [string, string] {
  const at = given.lastIndexOf('=');
  if (at > 0 && at < given.length - 1) return [given.slice(0, at), given.slice(at + 1)];
  throw new IronbarkError(
    'usage',
    `"${given}" names no secret and variable.`,
    'Like: --credential github=GITHUB_TOKEN',
  );
}
