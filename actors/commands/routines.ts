import { formatUsd } from '../../src/budget/index.ts';
import { nearest } from '../../src/config/nearest.ts';
import { localTime } from '../../src/core/local-time.ts';
import type { RoutineRun, RoutineStatus } from '../../src/core/routines.ts';
import type { CommandCall, CommandResult, SlashCommand } from './slash-command.ts';

const MAX_RUNS = 10;

export const routines: SlashCommand = {
  name: 'routines',
  group: 'work',
  about: 'what I do by myself, and when',
  async run({ env }) {
    const all = await env.routines.list();
    if (all.length === 0) return { text: 'There are no routines. Say what is to be done, and when.' };
    return { text: all.map((one) => routineLine(one, env.settings.timezone)).join('\n') };
  },
};

/** A person types it: what it does needs no further yes. */
export const routine: SlashCommand = {
  name: 'routine',
  group: 'work',
  usage: 'NAME [run|on|off|history]',
  about: 'one routine: its times; run it, turn it on or off',
  async run(call) {
    const { name, verb } = wordsOf(call.argument);
    if (name === '') return { text: 'Say which: /routine NAME. /routines lists them.' };
    const found = await call.env.routines.get(name);
    if (found === undefined) return unknown(call, name);
    return VERBS[verb](call, found);
  },
};

type Verb = 'show' | 'run' | 'on' | 'off' | 'history';

const VERBS: Readonly<Record<Verb, (call: CommandCall, routine: RoutineStatus) => Promise<CommandResult>>> = {
  show: async ({ env }, routine) => ({ text: routineText(routine, env.settings.timezone) }),
  async run({ env, effectId }, { id, name }) {
    const fired = await env.routines.fire(id, effectId);
    return {
      text: fired.ok ? `"${name}" is started. /routine ${name} history tells how it went.` : fired.message,
    };
  },
  on: (call, routine) => turn(call, routine, true),
  off: (call, routine) => turn(call, routine, false),
  async history({ env }, { id, name }) {
    const runs = await env.routines.runs(id, MAX_RUNS);
    if (runs.length === 0) return { text: `"${name}" has not run yet.` };
    return { text: runs.map((run) => runLine(run, env.settings.timezone)).join('\n') };
  },
};

const isVerb = (word: string): word is Verb => Object.hasOwn(VERBS, word);

/** Names may have several words; what is to be done is the last one. */
function wordsOf(argument: string): { readonly name: string; readonly verb: Verb } {
  const quoted = argument.replace(/["“”]/g, '').trim();
  const [, name = '', last = ''] = /^(.*\S)\s+(\S+)$/.exec(quoted) ?? [];
  const verb = last.toLowerCase();
  return isVerb(verb) ? { name, verb } : { name: quoted, verb: 'show' };
}

async function turn({ env }: CommandCall, { id }: RoutineStatus, enabled: boolean): Promise<CommandResult> {
  const changed = await env.routines.update(id, { enabled });
  return { text: changed.ok ? routineText(changed.routine, env.settings.timezone) : changed.message };
}

async function unknown({ env }: CommandCall, name: string): Promise<CommandResult> {
  const names = (await env.routines.list()).map((one) => one.name);
  const near = nearest(name, names);
  const hint = near === undefined ? '/routines lists them.' : `Did you mean "${near}"?`;
  return { text: `There is no routine "${name}". ${hint}` };
}

function routineLine({ name, status, triggerSummary, nextTimes }: RoutineStatus, timezone: string): string {
  const [next] = nextTimes;
  const when = next === undefined ? '' : `, next ${localTime(next, timezone)}`;
  return `- **${name}** (${status}): ${triggerSummary}${when}`;
}

function routineText(routine: RoutineStatus, timezone: string): string {
  const { name, status, triggerSummary, actionSummary, nextTimes, disabledReason, runCount } = routine;
  const { spentTodayMicroUsd: spent, guardrails } = routine;
  const limit = guardrails.dayMicroUsd;
  const times = nextTimes.map((at) => `- ${localTime(at, timezone)}`);
  return [
    `**${name}** (${status}): ${triggerSummary}.`,
    actionSummary,
    ...(limit === 0 ? [] : [`It cost ${formatUsd(spent)} of ${formatUsd(limit)} today.`]),
    ...(disabledReason === null ? [] : [disabledReason]),
    ...(times.length > 0 ? [`Next times (${timezone}):`, ...times] : []),
    runCount === 1 ? 'It ran once.' : `It ran ${runCount} times.`,
  ].join('\n');
}

function runLine({ startedAt, status, cause, summary }: RoutineRun, timezone: string): string {
  const said = summary === null ? '' : `: ${summary.replace(/\s+/g, ' ').slice(0, 200)}`;
  return `- ${localTime(startedAt, timezone)} ${status} (${cause})${said}`;
}
