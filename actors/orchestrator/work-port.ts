import { refusalsIn } from '../../src/containers/index.ts';
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts';
import type { JobBrief, ModelLine, ModelQuestion, WorkEventPost } from '../../src/core/orchestrator.ts';
import { readJobEvent } from '../../src/core/read-job-event.ts';
import type { WorkPort } from '../../src/orchestrator/index.ts';
import { createStreamRedactor } from '../../src/safety/index.ts';
import { type Job, jobEventStatement, readJob } from '../../src/work/index.ts';
import { askModel } from '../ask-model.ts';
import type { Environment } from '../environment.ts';
import { withoutSecrets } from '../secrecy.ts';
import type { WorkBells } from './bells.ts';
import {
  type ContainerRow,
  eventSeenStatement,
  progressStatement,
  readContainer,
  spentStatement,
  statusStatement,
  toldStatement,
} from './container-rows.ts';
import { grantedCredentials } from './credentials.ts';
import { jobPayer } from './job-payer.ts';
import { failedLine, lineOf, requestOf } from './model-line.ts';
import { nextPrompt } from './prompt-rows.ts';

/** Of events of one job; what is told beyond it is not kept. */
const MAX_EVENT_BYTES = 64 * 1024 * 1024;

/** What the container of this job may ask, and gets. What it tells is looked through for secrets before it is kept. */
export function createWorkPort(env: Environment, row: ContainerRow, bells: WorkBells): WorkPort {
  const { database, clock } = env;
  const { jobId } = row;
  const now = (): string => new Date(clock.now()).toISOString();
  const job = async (): Promise<Job> => {
    const found = await readJob(database, jobId);
    if (!found) throw new Error(`the job ${jobId} is gone`);
    return found;
  };

  return {
    brief: async () => briefOf(env, await job(), row),
    credentials: async () => ({ credentials: [...(await grantedCredentials(env, await job()))] }),
    prompt: (after) => nextPrompt(database, jobId, after),
    complete: async (question, tell, signal) => complete(env, await job(), question, tell, signal),
    async status({ message, session }) {
      await env.knownReady();
      await database.commit([
        statusStatement(jobId, withoutSecrets(env, message), session),
        progressStatement(jobId, now()),
      ]);
    },
    async event(event) {
      if (row.eventBytes > MAX_EVENT_BYTES) return { fresh: false };
      await env.knownReady();
      const cleaned = { ...event, data: cleanObject(env, event.data) };
      const fresh = await keepEvent(env, jobId, cleaned, now());
      if (fresh) noteRefusals(env, row, cleaned);
      return { fresh };
    },
    async end(end) {
      await env.knownReady();
      const { committed } = await database.commit([
        toldStatement(jobId, { ...end, text: withoutSecrets(env, end.text) }),
      ]);
      if (committed) bells.ring(jobId);
      return { fresh: committed };
    },
  };
}

async function keepEvent(
  { database, feed }: Environment,
  jobId: string,
  { seq, type, data }: WorkEventPost,
  at: string,
): Promise<boolean> {
  const bytes = JSON.stringify(data).length;
  const { committed, results } = await database.commit([
    eventSeenStatement(jobId, seq, bytes),
    jobEventStatement(jobId, { key: `container/${seq}`, type, data }, at),
  ]);
  const given = results[1]?.rows[0]?.seq;
  if (!committed || typeof given !== 'number') return false;
  feed.publishWork({ type: 'job-event', jobId, event: { seq: given, at, type, data } });
  return true;
}

/** Our own tool for commands, and that of Claude Code. Others name their tools as they like, and all are listened to. */
const RUNS_COMMANDS = /^(?:shell|bash)$/i;

/** What the kernel refused to a command stands in what it printed. What files hold is no such news. */
function noteRefusals(
  { refusals }: Environment,
  { jobId, mode, containerId }: ContainerRow,
  event: Pick<WorkEventPost, 'type' | 'data'>,
): void {
  const told = readJobEvent(event);
  if (told.type !== 'tool_result' || containerId === null) return;
  if (mode !== 'acp' && !RUNS_COMMANDS.test(told.tool)) return;
  const container = { id: containerId, purpose: { kind: mode, id: jobId } };
  for (const refusal of refusalsIn(told.text)) refusals.note(container, refusal);
}

function briefOf({ models, settings }: Environment, job: Job, row: ContainerRow): JobBrief {
  const { id, title, description, work, limits, tools, origins, by } = job;
  const model = models.current();
  const { contextTokens, outputTokens, vision } = model.limits;
  const task = work.kind === 'task' ? work : undefined;
  return {
    id,
    title,
    description,
    mode: task && task.mode !== 'local' ? task.mode : 'worker',
    agentName: task?.agentName ?? null,
    limits: { iterations: limits.iterations, tokens: limits.tokens, minutes: limits.minutes },
    tools: tools && [...tools],
    origins: [...origins],
    byUser: by.kind === 'user',
    timezone: settings.timezone,
    attempt: row.attempt,
    lastEvent: row.lastEvent,
    session: row.session,
    model: { name: model.name, contextTokens, outputTokens, vision },
  };
}

/** No key enters the container, and what is asked there is paid for here, within the budgets of the job. */
async function complete(
  env: Environment,
  job: Job,
  question: ModelQuestion,
  tell: (line: ModelLine) => void,
  signal: AbortSignal,
): Promise<void> {
  const used = await readContainer(env.database, job.id);
  if (job.limits.tokens !== null && (used?.tokens ?? 0) >= job.limits.tokens)
    return tell(failedLine({ kind: 'no-credit', message: 'The job has used the tokens that it was given.' }));
  let redactor = createStreamRedactor(env.leaks);
  const say = (text: string): void => {
    if (text !== '') tell({ type: 'text', text });
  };
  const order = {
    effectId: `job/${job.id}/${question.id}`,
    payer: jobPayer(job),
    purpose: question.purpose,
    request: { ...requestOf(question), onText: (text: string) => say(redactor.push(text)) },
    onRestart: () => {
      redactor = createStreamRedactor(env.leaks);
      tell({ type: 'restart' });
    },
  };
  await Promise.all([env.models.ready(), env.knownReady()]);
  const { result, writes } = await askModel(env, order, signal);
  say(redactor.end());
  const tokens = result.ok ? result.value.usage.inputTokens + result.value.usage.outputTokens : 0;
  const cost = result.ok ? (result.value.costMicroUsd ?? 0) : 0;
  await env.database.commit([
    spentStatement(job.id, tokens, cost),
    progressStatement(job.id, new Date(env.clock.now()).toISOString()),
    ...writes,
  ]);
  tell(lineOf(result));
}

function cleanObject(env: Environment, value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [withoutSecrets(env, name), cleanJson(env, part)]),
  );
}

function cleanJson(env: Environment, value: Json): Json {
  if (typeof value === 'string') return withoutSecrets(env, value);
  if (isJsonList(value)) return value.map((part) => cleanJson(env, part));
  return isJsonObject(value) ? cleanObject(env, value) : value;
}
