import type { Inbound, Input } from '../../src/core/assistant.ts';
import { type System, terminateInstance, whereis } from '../../src/runtime/index.ts';
import { acceptFirstStatement, acceptStatement, openInputs } from '../../src/storage/journal/index.ts';
import { orderText } from '../../src/work/index.ts';
import { createAccept } from '../accept.ts';
import { type AgentEnd, awaitEnd } from '../agent-end.ts';
import { jobConversation, sessionKey } from '../conversation-key.ts';
import type { Environment } from '../environment.ts';
import { hasModel } from '../has-model.ts';
import { SESSIONS, sessionName } from '../names.ts';
import { jobAgentOrder } from './order.ts';
import { failedEnd, type JobEnd, type JobPrompt, type JobRunner, type RunningJob } from './runner.ts';

/** On which jobs are told what to do. */
export const JOB_CHANNEL = 'job';

/**
 * The turn engine works on a task, in a conversation of the job's own. Its order is accepted in the commit with which
 * the job begins, so that there is no moment at which one of them is there without the other; from there on it goes as
 * with any conversation.
 */
export function createLocalRunner(env: () => Environment): JobRunner {
  return {
    refusal: async () => ((await hasModel(env(), 'answer')) ? undefined : NO_MODEL),
    rows: (job) => [acceptFirstStatement(...orderRow(env(), job))],
    stopRows: (job) => [acceptStatement(...stopRow(env(), job))],
    stopped: (job) => interrupt(env(), job),
    run: (job, _effectId, signal) => run(env(), job, signal),
    prompt: (job, said) => prompt(env(), job, said),
    repair: (job, system) => restart(env(), job, system),
  };
}

const NO_MODEL =
  'No language model is set up that could work on a job. Store the key of one with ' +
  '`ironbark secrets set OPENAI_API_KEY` (or that of another provider) and order the job again. ' +
  '`ironbark models` shows which there are.';

type Row = Parameters<typeof acceptStatement>;

function orderRow(env: Environment, job: RunningJob): Row {
  const inboxId = job.orderId;
  if (inboxId === null) throw new Error(`job ${job.id} begins without the message that its order is`);
  const input: Input = {
    type: 'message',
    text: orderText(job),
    mode: 'queue',
    agent: jobAgentOrder(
      job,
      env.tools.list().map(({ name }) => name),
    ),
    ...(!job.mayAsk && { unattended: true }),
  };
  return [inbound(job, 'order', input), rowOf(env, job, inboxId)];
}

const stopRow = (env: Environment, job: RunningJob): Row => [
  inbound(job, 'interrupt', { type: 'interrupt' }),
  rowOf(env, job, env.ids.next()),
];

/** A turn that runs hears only what it is told. */
async function interrupt({ database, hints }: Environment, { id }: RunningJob): Promise<void> {
  const conversationId = jobConversation(id);
  for (const input of await openInputs(database, sessionKey(conversationId), MOST_OPEN)) {
    hints.inputAccepted(conversationId, input);
  }
}

const MOST_OPEN = 100;

const inbound = ({ id }: RunningJob, what: string, input: Input): Inbound => ({
  channel: JOB_CHANNEL,
  externalId: `job/${id}/${what}`,
  conversationId: jobConversation(id),
  input,
});

const rowOf = ({ clock }: Environment, { id }: RunningJob, inboxId: string) => ({
  inboxId,
  actorKey: sessionKey(jobConversation(id)),
  at: new Date(clock.now()).toISOString(),
});

async function run(env: Environment, job: RunningJob, signal: AbortSignal): Promise<JobEnd> {
  const conversationId = jobConversation(job.id);
  env.hints.workFound(sessionKey(conversationId));
  const end = await awaitEnd(env, { conversationId, inboxId: job.orderId ?? '' }, signal);
  return end ? endOf(end) : failedEnd('The work was stopped.');
}

const OUTCOMES = {
  answered: 'answered',
  limited: 'limited',
  interrupted: 'cancelled',
  failed: 'failed',
} as const;

/** What its turns did cost is in its budget. */
const endOf = ({ finish, ...end }: AgentEnd): JobEnd => ({
  ...end,
  outcome: OUTCOMES[finish],
  costMicroUsd: 0,
});

async function prompt(env: Environment, job: RunningJob, said: JobPrompt): Promise<void> {
  const { content, origin, externalId } = said;
  await createAccept(env)({
    ...inbound(job, '', {
      type: 'message',
      text: content,
      mode: 'steer',
      ...(origin !== undefined && { origin }),
    }),
    externalId: `job/${job.id}/prompt/${externalId}`,
  });
}

/** Its session is ended and begins anew from its journal, which has all that was done. */
async function restart(env: Environment, { id }: RunningJob, system: System): Promise<void> {
  const conversationId = jobConversation(id);
  const sessions = whereis(system, SESSIONS);
  const session = whereis(system, sessionName(conversationId));
  if (sessions && session) await terminateInstance(sessions, session);
  env.hints.workFound(sessionKey(conversationId));
}
