import { type Command, Option, type OptionValues } from 'commander';
import { JobsReply } from '../../core/api/jobs.ts';
import { type Context, printResult, type Settings } from '../context.ts';
import { type CreateFlags, createJob, describeCreate } from '../jobs/create-job.ts';
import { actOnJob, filesOfJob, type JobAction, promptJob, showJob } from '../jobs/job-requests.ts';
import { filesText, jobsText, jobText } from '../jobs/jobs-text.ts';
import { countOf } from '../jobs/read-number.ts';
import { describeEvents, type EventFlags, showEvents } from '../jobs/show-events.ts';
import type { Finish } from '../program.ts';
import { withApi } from '../reach.ts';
import { addGlobalOptions, settingsOf } from '../settings.ts';

const EXAMPLES = `
Examples:
  ironbark jobs                                    the latest jobs
  ironbark jobs list --filter active
  ironbark jobs create "Sum up my notes" --wait
  ironbark jobs create "Fix the build" --description - --mode worker --dir site < task.md
  ironbark jobs show 01J9Z3M8
  ironbark jobs events 01J9Z3M8 -f                 what it does, as it happens
  ironbark jobs prompt 01J9Z3M8 "Use metric units"
  ironbark jobs files 01J9Z3M8 report.md

An id can be shortened as long as no other job begins so.`;

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description('Work that goes on by itself: what there is, how it goes, and ordering more.')
    .addHelpText('after', EXAMPLES)
    .action(async () => {
      await list({ filter: 'all', limit: '20' }, settingsOf(command, context.terminal), context);
      finish(0);
    });

  /** A sub-command; what it resolves with is the exit code, 0 where it says nothing. */
  function add<Flags extends OptionValues>(
    usage: string,
    about: string,
    describe: (sub: Command) => Command,
    work: (args: readonly string[], flags: Flags, settings: Settings) => Promise<number | undefined>,
  ): void {
    const sub = describe(addGlobalOptions(command.command(usage)).description(about)).allowExcessArguments(
      false,
    );
    sub.action(async () => {
      const code = await work(sub.args, sub.opts<Flags>(), settingsOf(sub, context.terminal));
      finish(code ?? 0);
    });
  }

  add<ListFlags>('list', 'Lists jobs, newest first.', describeList, async (_args, flags, settings) => {
    await list(flags, settings, context);
    return undefined;
  });
  add<object>(
    'show <id>',
    'Shows one job, with what became of it so far.',
    same,
    async ([id = ''], _, settings) => {
      const job = await withApi(settings, context, (api) => showJob(api, id));
      printResult(context, settings, job, () => jobText(job));
      return undefined;
    },
  );
  add<CreateFlags>(
    'create <title>',
    'Orders a job, in your own words.',
    describeCreate,
    ([title = ''], flags, settings) => createJob(title, flags, settings, context),
  );
  add<EventFlags>(
    'events <id>',
    'Shows what a job did and said.',
    describeEvents,
    ([id = ''], flags, settings) => showEvents(id, flags, settings, context),
  );
  add<{ done?: true }>(
    'prompt <id> <text>',
    'Tells a running job something; it is seen before its next step.',
    (sub) => sub.option('--done', 'nothing more will be said to it'),
    async ([id = '', text = ''], { done = false }, settings) => {
      const reply = await withApi(settings, context, (api) => promptJob(api, id, text, done));
      printResult(context, settings, reply, () => reply.message);
      return undefined;
    },
  );
  add<object>(
    'files <id> [path]',
    'Lists the files of a job, or prints one.',
    same,
    async ([id = '', path = ''], _, settings) => {
      const found = await withApi(settings, context, (api) => filesOfJob(api, id, path));
      printResult(context, settings, found, () => ('content' in found ? found.content : filesText(found)));
      return undefined;
    },
  );
  for (const { name, about } of ACTIONS) {
    add<{ reason?: string }>(
      `${name} <id>`,
      about,
      (sub) =>
        name === 'restart' ? sub : sub.option('--reason <text>', 'why, for whoever looks at it later'),
      async ([id = ''], { reason }, settings) => {
        const reply = await withApi(settings, context, (api) => actOnJob(api, id, name, reason));
        printResult(context, settings, reply, () => reply.message);
        return undefined;
      },
    );
  }
}

const ACTIONS: readonly { readonly name: JobAction; readonly about: string }[] = [
  { name: 'cancel', about: 'Stops a job and its parts.' },
  { name: 'restart', about: 'Orders a failed or cancelled job once more, as a new one.' },
  { name: 'accept', about: 'Takes the result of a job.' },
  { name: 'reject', about: 'Sends the result of a job back: it counts as failed.' },
];

const same = (sub: Command): Command => sub;

interface ListFlags {
  readonly filter: string;
  readonly limit: string;
}

const describeList = (sub: Command): Command =>
  sub
    .addOption(
      new Option('--filter <which>', 'which ones')
        .choices(['all', 'active', 'completed', 'failed'])
        .default('all'),
    )
    .option('-n, --limit <count>', 'how many at most (1 to 500)', '50');

async function list(flags: ListFlags, settings: Settings, context: Context): Promise<void> {
  const query = { filter: flags.filter, limit: countOf(flags.limit, 500) };
  const { jobs } = await withApi(settings, context, (api) => api.get('/api/jobs', JobsReply, query));
  printResult(context, settings, { jobs }, () => jobsText(jobs));
}
