import { jobStanding, jobTitle, orderedBy } from '../../src/core/job-text.ts';
import { noSuchJob } from '../../src/core/nearest-jobs.ts';
import type { JobDetail, JobOrder, JobSummary, WorkDesk } from '../../src/core/work.ts';
import { moment } from './moment.ts';
import type { CommandCall, CommandResult, SlashCommand } from './slash-command.ts';

const MAX_LISTED = 20;
const MAX_TITLE = 80;
const ITERATIONS = 50;

const job: SlashCommand = {
  name: 'job',
  group: 'work',
  usage: 'TEXT',
  about: 'have this done in the background, as a job of its own',
  async run({ env, conversationId, effectId, argument }) {
    if (argument === '') return { text: 'Say what is to be done: /job sum up every file in reports/.' };
    const { id } = await env.work.create(orderOf(argument, conversationId), effectId);
    const text = `The job \`${id}\` begins. You are told when it is done; \`/status ${id}\` says how it goes.`;
    return { text };
  },
};

/** Those are the user's own words, and their first line names the job. */
function orderOf(description: string, conversationId: string): JobOrder {
  const [line = ''] = description.split('\n', 1);
  return {
    title: line.length > MAX_TITLE ? `${line.slice(0, MAX_TITLE - 1).toWellFormed()}…` : line,
    description,
    work: { kind: 'task', mode: 'local' },
    priority: 'job',
    projectDir: null,
    limits: { iterations: ITERATIONS, tokens: null, budgetMicroUsd: null, minutes: null },
    tools: null,
    credentials: {},
    by: { kind: 'user', conversationId },
    origins: [],
  };
}

const status: SlashCommand = {
  name: 'status',
  aliases: ['progress'],
  group: 'work',
  usage: '[JOB]',
  about: 'how the jobs stand that are at work, or one job',
  async run({ env, argument }) {
    if (argument === '') return listed(env, 'active', 'No job is at work. `/list` shows those that ended.');
    const found = await env.work.get(argument);
    return found ? { text: detail(found, env) } : unknown(env.work, argument);
  },
};

const list: SlashCommand = {
  name: 'list',
  aliases: ['jobs'],
  group: 'work',
  about: 'the latest jobs',
  run: ({ env }) =>
    listed(env, 'all', 'There was no job yet. Order one: /job sum up every file in reports/.'),
};

const cancel: SlashCommand = {
  name: 'cancel',
  group: 'work',
  usage: 'JOB',
  about: 'stop a job and its parts',
  async run({ env, argument, effectId }) {
    if (argument === '') return listed(env, 'active', 'No job is at work.', 'Say which: /cancel ID.\n\n');
    const answer = await env.work.cancel(argument, 'You cancelled it.', effectId);
    if (answer.ok || answer.kind === 'refused') return { text: answer.message };
    return unknown(env.work, argument);
  },
};

export const jobs: readonly SlashCommand[] = [job, status, list, cancel];

type Env = CommandCall['env'];

async function listed(
  { work, clock }: Env,
  filter: 'all' | 'active',
  nothing: string,
  before = '',
): Promise<CommandResult> {
  const found = await work.list({ filter, limit: MAX_LISTED });
  if (found.length === 0) return { text: nothing };
  return { text: before + found.map((one) => line(one, clock.now())).join('\n') };
}

const line = (one: JobSummary, now: number): string =>
  `- \`${one.id}\` ${jobStanding(one, now)}: ${jobTitle(one)}`;

async function unknown(work: WorkDesk, id: string): Promise<CommandResult> {
  return { text: (await noSuchJob(work, id, 'See /list.')).message };
}

/** For people, who may then open its conversation. */
function detail(found: JobDetail, { clock, settings: { timezone } }: Env): string {
  const { result, conversationId, children, transitions, costMicroUsd } = found;
  const reason = transitions.at(-1)?.reason ?? '';
  return [
    `**${jobTitle(found)}** (\`${found.id}\`): ${jobStanding(found, clock.now())}`,
    `- ordered by ${orderedBy(found.by)} at ${moment(found.createdAt, timezone)}, priority ${found.priority}`,
    ...(reason === '' ? [] : [`- last: ${reason}`]),
    `- cost $${(costMicroUsd / 1e6).toFixed(4)}, files in ${found.projectDir}`,
    `- its conversation: \`/resume ${conversationId}\``,
    ...children.map((child) => `- part ${line(child, clock.now()).slice(2)}`),
    ...(result === null ? [] : ['', result]),
  ].join('\n');
}
