import { type Command, Option } from 'commander';
import { z } from 'zod';
import {
  RoutineDueReply,
  RoutineExplainReply,
  type RoutineInfo,
  RoutineReply,
  RoutineRunsReply,
  RoutinesReply,
  RoutinesSummaryReply,
  RoutineTriggeredReply,
} from '../../core/api/routines.ts';
import { IronbarkError } from '../../core/errors.ts';
import type { ApiClient } from '../../gateway/index.ts';
import { type Context, printResult } from '../context.ts';
import type { Finish } from '../program.ts';
import { withApi } from '../reach.ts';
import {
  actionOf,
  type DefinitionFlags,
  numberOf,
  settingsOf as setOf,
  triggerOf,
} from '../routines/definition.ts';
import { addGlobalOptions, settingsOf } from '../settings.ts';

const EXAMPLES = `
Examples:
  ironbark routines create morning "Say what is on today." --schedule "0 8 * * 1-5" --timezone Europe/Berlin
  ironbark routines create invoices "File it." --pattern "(?i)invoice" --channel web
  ironbark routines create deploys - --webhook deploys --secret deploy_secret < prompt.txt
  ironbark routines list --trigger cron
  ironbark routines next "0 9 1 * *"
  ironbark routines due morning
  ironbark routines edit morning --schedule "0 9 * * *" --budget 0.50

A routine is named by its name or its id. Times are shown in the time zone of this terminal.`;

const texts = () => import('../routines/text.ts');
const at = (name: string, more = ''): string => `/api/routines/${encodeURIComponent(name)}${more}`;

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description('What the assistant does by itself: at times, when something happens, when it is called.')
    .addHelpText('after', EXAMPLES);
  const add = (usage: string): Command =>
    addGlobalOptions(command.command(usage)).allowExcessArguments(false);
  configureList(add('list'), context, finish);
  configureShow(add('show <name>'), context, finish);
  configureCreate(add('create <name> [prompt]').alias('add'), context, finish);
  configureEdit(add('edit <name> [prompt]').alias('update'), context, finish);
  configureTurn(add('enable <name>'), true, context, finish);
  configureTurn(add('disable <name>'), false, context, finish);
  configureDelete(add('delete <name>').alias('rm'), context, finish);
  configureRun(add('run <name>'), context, finish);
  configureHistory(add('history <name>').alias('runs'), context, finish);
  configureDue(add('due <name>'), context, finish);
  configureNext(add('next [schedule-or-name]'), context, finish);
}

const KINDS = ['cron', 'event', 'system_event', 'webhook', 'manual'];

function configureList(command: Command, context: Context, finish: Finish): void {
  command
    .description('Lists the routines, with their next and last times, and how late they began.')
    .addOption(new Option('--trigger <kind>', 'only those that are started so').choices(KINDS))
    .option('--disabled', 'only those that are off')
    .action(async ({ trigger, disabled = false }: { trigger?: string; disabled?: boolean }) => {
      const settings = settingsOf(command, context.terminal);
      const { latenessText, routinesText } = await texts();
      const [{ routines }, { lateness }] = await withApi(settings, context, (api) =>
        Promise.all([
          api.get('/api/routines', RoutinesReply),
          api.get('/api/routines/summary', RoutinesSummaryReply),
        ]),
      );
      const isMeant = (one: RoutineInfo) =>
        (trigger === undefined || one.trigger_type === trigger) && (!disabled || !one.enabled);
      const shown = routines.filter(isMeant);
      printResult(context, settings, { routines: shown, lateness }, () =>
        [routinesText(shown), ...latenessText(lateness)].join('\n\n'),
      );
      finish(0);
    });
}

function configureShow(command: Command, context: Context, finish: Finish): void {
  command.description('Shows all that is set of a routine.').action(async (name: string) => {
    const settings = settingsOf(command, context.terminal);
    const { routineText } = await texts();
    const { routine } = await withApi(settings, context, (api) => api.get(at(name), RoutineReply));
    printResult(context, settings, routine, () => routineText(routine));
    finish(0);
  });
}

const MODES = ['single', 'restart', 'queued', 'parallel'];

function describeOptions(command: Command): Command {
  return command
    .option('--description <text>', 'what it is for')
    .option('--schedule <cron>', 'times, as cron has them: five to seven fields')
    .option('--timezone <zone>', 'of the schedule, as Europe/Berlin (default: yours)')
    .option('--pattern <regex>', 'messages of yours that fit (RE2)')
    .option('--channel <name>', 'with --pattern: only messages of this channel')
    .option('--event <source/type>', 'an event that was emitted')
    .option('--filter <name=value...>', 'with --event: what must be in it')
    .option('--webhook <path>', 'calls of /api/webhooks/PATH')
    .option('--secret <name>', 'with --webhook: the secret that callers prove to know')
    .option('--hmac', 'with --webhook: they prove it by a signature')
    .option('--manual', 'nothing but you')
    .option('--job', 'a job of its own, for longer work')
    .option('--context <path...>', 'documents of memory that are told with it')
    .option('--no-tools', 'words alone')
    .option('--rounds <count>', 'how often it may call tools (1 to 20)')
    .option('--cooldown <seconds>', 'at least so long from one start to the next')
    .addOption(new Option('--while-running <mode>', 'what becomes of a start while one runs').choices(MODES))
    .addOption(
      new Option('--catch-up <policy>', 'what becomes of times that were missed').choices([
        'skip',
        'once',
        'all',
      ]),
    )
    .option('--jitter <seconds>', 'starts are put off by up to so long')
    .option('--disable-after <count>', 'off after so many failures in a row (0: never)')
    .option('--budget <usd>', 'what its runs of a day may cost, all in all, in US dollars (0: no limit)')
    .option('--on-success', 'tell the result also where all is well');
}

function configureCreate(command: Command, context: Context, finish: Finish): void {
  describeOptions(
    command.description('Makes a routine; "-" or no prompt reads it from standard input.'),
  ).action(async (name: string, given: string | undefined, flags: DefinitionFlags) => {
    const settings = settingsOf(command, context.terminal);
    const trigger = triggerOf(flags) ?? { kind: 'manual' };
    const { readText } = await import('../memory/read-text.ts');
    const prompt = (await readText(given, context.terminal)).trim();
    const body = {
      name,
      ...(flags.description !== undefined && { description: flags.description }),
      trigger,
      action: actionOf(prompt, flags),
      ...setOf(flags),
    };
    await send(settings, context, (api) => api.post('/api/routines', RoutineReply, body));
    finish(0);
  });
}

function configureEdit(command: Command, context: Context, finish: Finish): void {
  describeOptions(command.description('Changes a routine; what is not said stays.')).action(
    async (name: string, prompt: string | undefined, flags: DefinitionFlags) => {
      const settings = settingsOf(command, context.terminal);
      await send(settings, context, async (api) => {
        const { routine } = await api.get(at(name), RoutineReply);
        const trigger = triggerOf(flags, routine.trigger);
        const action = actionOf(prompt, flags, routine);
        const { description } = flags;
        const body = { ...(description !== undefined && { description }), ...setOf(flags) };
        const patch = { ...body, ...(trigger && { trigger }), ...(action && { action }) };
        if (Object.keys(patch).length === 0) throw new IronbarkError('usage', 'Say what to change.');
        return api.patch(at(routine.id), RoutineReply, patch);
      });
      finish(0);
    },
  );
}

function configureTurn(command: Command, enabled: boolean, context: Context, finish: Finish): void {
  command
    .description(enabled ? 'Turns a routine on.' : 'Turns a routine off.')
    .action(async (name: string) => {
      const settings = settingsOf(command, context.terminal);
      await send(settings, context, (api) => api.post(at(name, '/toggle'), RoutineReply, { enabled }));
      finish(0);
    });
}

type Settings = ReturnType<typeof settingsOf>;

/** Does something with a routine, and shows what it is then. */
async function send(
  settings: Settings,
  context: Context,
  work: (api: ApiClient) => Promise<RoutineReply>,
): Promise<void> {
  const { routineText } = await texts();
  const { routine, message } = await withApi(settings, context, work);
  const { plainText } = await import('../../repl/index.ts');
  printResult(context, settings, routine, () => `${plainText(message)}\n${routineText(routine)}`);
}

function configureDelete(command: Command, context: Context, finish: Finish): void {
  command
    .description('Deletes a routine for good.')
    .option('-y, --yes', 'do it without asking')
    .action(async (name: string, { yes = false }: { yes?: boolean }) => {
      const settings = settingsOf(command, context.terminal);
      const { routine } = await withApi(settings, context, async (api) => {
        const found = await api.get(at(name), RoutineReply);
        if (!yes) await agree(found.routine.name, context);
        await api.delete(at(found.routine.id), z.undefined());
        return found;
      });
      printResult(context, settings, { deleted: routine.id }, () => `Deleted ${routine.name}.`);
      finish(0);
    });
}

async function agree(name: string, { terminal }: Context): Promise<void> {
  const { confirm } = await import('../memory/confirm.ts');
  await confirm(`Delete the routine "${name}" for good?`, terminal, 'Say --yes.');
}

function configureRun(command: Command, context: Context, finish: Finish): void {
  command.description('Starts a routine now.').action(async (name: string) => {
    const settings = settingsOf(command, context.terminal);
    const { run } = await withApi(settings, context, (api) =>
      api.post(at(name, '/trigger'), RoutineTriggeredReply),
    );
    printResult(
      context,
      settings,
      run,
      () => `Started (run ${run.id}). How it went: ironbark routines history ${name}`,
    );
    finish(0);
  });
}

const limited = (command: Command): Command =>
  command.option('-n, --limit <count>', 'how many at most (1 to 200)', '20');

function configureHistory(command: Command, context: Context, finish: Finish): void {
  limited(command.description('The latest runs of a routine.')).action(
    async (name: string, flags: { limit: string }) => {
      const settings = settingsOf(command, context.terminal);
      const limit = numberOf(flags.limit, '--limit', 1, 200);
      const { runsText } = await texts();
      const reply = await withApi(settings, context, (api) =>
        api.get(at(name, '/runs'), RoutineRunsReply, { limit }),
      );
      printResult(context, settings, reply, () => runsText(reply.runs));
      finish(0);
    },
  );
}

function configureDue(command: Command, context: Context, finish: Finish): void {
  limited(command.description('The latest times at which it was due, and what became of each.')).action(
    async (name: string, flags: { limit: string }) => {
      const settings = settingsOf(command, context.terminal);
      const limit = numberOf(flags.limit, '--limit', 1, 200);
      const { dueText } = await texts();
      const reply = await withApi(settings, context, (api) =>
        api.get(at(name, '/due'), RoutineDueReply, { limit }),
      );
      printResult(context, settings, reply, () => dueText(reply.due));
      finish(0);
    },
  );
}

function configureNext(command: Command, context: Context, finish: Finish): void {
  command
    .description(
      'The next times: of a schedule, whether or not a routine has it; of a routine; of all of them.',
    )
    .option('--timezone <zone>', 'of the schedule (default: yours)')
    .action(async (what: string | undefined, { timezone }: { timezone?: string }) => {
      const settings = settingsOf(command, context.terminal);
      const text = await withApi(settings, context, (api) => nextOf(api, what, timezone));
      printResult(context, settings, text.value, () => text.shown);
      finish(0);
    });
}

interface Next {
  readonly value: unknown;
  readonly shown: string;
}

async function nextOf(api: ApiClient, what: string | undefined, timezone: string | undefined): Promise<Next> {
  const { explainText, nextText, routinesText } = await texts();
  if (what === undefined) {
    const { routines } = await api.get('/api/routines', RoutinesReply);
    const due = routines.filter(({ next_fire_at }) => next_fire_at !== undefined).toSorted(byNext);
    return { value: { routines: due }, shown: routinesText(due) };
  }
  if (isSchedule(what)) {
    const explained = await api.get('/api/routines/explain', RoutineExplainReply, {
      schedule: what,
      timezone,
    });
    return { value: explained, shown: explainText(explained) };
  }
  const { routine } = await api.get(at(what), RoutineReply);
  return { value: { next_times: routine.next_times }, shown: nextText(routine.next_times) };
}

const byNext = (a: RoutineInfo, b: RoutineInfo): number =>
  Date.parse(a.next_fire_at ?? '') - Date.parse(b.next_fire_at ?? '');

/** Five to seven fields of what schedules are written with, or `@daily` and its like. */
const isSchedule = (text: string): boolean =>
  /^@|^\s*[\d*][^\s]*(\s+[\d*?LA-Za-z][^\s]*){4,6}\s*$/.test(text);
