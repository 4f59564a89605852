import { setTimeout as delay } from 'node:timers/promises';
import { periodsAt, routineBudget } from '../../src/budget/index.ts';
import type { Inbound, Input } from '../../src/core/assistant.ts';
import { coerceError, IronbarkError } from '../../src/core/errors.ts';
import type { AgentOrder, Aside, BudgetStop, Origin } from '../../src/core/journal.ts';
import type { RoutineAction, RoutineRun } from '../../src/core/routines.ts';
import type { JobDetail, JobOrder } from '../../src/core/work.ts';
import {
  finishRun,
  noteJob,
  OWN_SOURCE,
  type RunEnd,
  type RunOrder,
  readReply,
  readRunOrder,
  runInstructions,
  statePath,
  tellSystemEvent,
  type UsedUp,
} from '../../src/routines/index.ts';
import { unitedOrigins } from '../../src/safety/index.ts';
import type { Statement } from '../../src/storage/index.ts';
import { tokensUsed } from '../../src/storage/journal/index.ts';
import { createAccept } from '../accept.ts';
import { type AgentEnd, awaitEnd } from '../agent-end.ts';
import { jobConversation, routineConversation, runConversation, sessionKey } from '../conversation-key.ts';
import type { Environment } from '../environment.ts';
import { hasModel } from '../has-model.ts';

/** On which runs are told what to do. */
export const ROUTINE_CHANNEL = 'routine';

type Lightweight = Extract<RoutineAction, { kind: 'lightweight' }>;
type FullJob = Extract<RoutineAction, { kind: 'full_job' }>;

/** What nobody may do for a routine: talk past its result, or make, change and start routines. */
const WITHHELD: ReadonlySet<string> = new Set([
  'message',
  'routine_create',
  'routine_update',
  'routine_delete',
  'routine_fire',
]);

/**
 * Works on a run until it has ended and its end is on record. Where the process dies, or the signal is aborted, the run
 * stays open and whoever goes on with it finds the conversation or the job by the run's id: nothing is begun twice.
 */
export async function workOnRun(env: Environment, runId: string, signal: AbortSignal): Promise<void> {
  const order = await readRunOrder(env.database, runId);
  if (order?.run.status !== 'running') return;
  const end = await carryOut(env, order, signal).catch((thrown: unknown) => troubleOf(env, order, thrown));
  if (!end) return;
  const now = env.clock.now();
  const events = await eventsOf(env, order, end, now);
  const finished = await finishRun(env.database, order.routine, runId, end, events, now);
  if (!finished) return;
  if (end.halting) await stopRun(env, finished.run);
  env.feed.publishWork({ type: 'routine-run', run: finished.run });
  env.hints.notificationWritten();
  env.hints.routinesChanged(finished.disabled ? order.routine.id : undefined);
}

/** What cannot be ordered fails; any other trouble may pass, and the run is gone on with until its time is over. */
function troubleOf(env: Environment, { routine, run }: RunOrder, thrown: unknown): RunEnd {
  const limitMs = routine.guardrails.timeoutMinutes * 60_000;
  const isOver = env.clock.now() - Date.parse(run.startedAt) > limitMs;
  const isRefused = thrown instanceof IronbarkError && thrown.kind === 'usage';
  if (!isOver && !isRefused) throw thrown;
  const summary = `It could not be carried out: ${coerceError(thrown).message}`;
  return { status: 'failed', summary, origins: [], tokensUsed: 0, halting: isOver };
}

async function carryOut(env: Environment, order: RunOrder, signal: AbortSignal): Promise<RunEnd | undefined> {
  const { routine, run } = order;
  const limitMs = routine.guardrails.timeoutMinutes * 60_000;
  const leftMs = Math.max(1, Date.parse(run.startedAt) + limitMs - env.clock.now());
  const overdue = AbortSignal.timeout(leftMs);
  const either = AbortSignal.any([signal, overdue]);
  const { action } = routine;
  const end =
    action.kind === 'lightweight'
      ? await converse(env, order, action, either)
      : await doJob(env, order, action, either);
  if (end || signal.aborted) return end;
  const { timeoutMinutes } = routine.guardrails;
  const summary = `It took longer than ${timeoutMinutes} ${timeoutMinutes === 1 ? 'minute' : 'minutes'} and was stopped.`;
  const tokens = await tokensUsed(env.database, sessionKey(runConversation(run.id)));
  return { status: 'failed', summary, origins: [], tokensUsed: tokens, halting: true };
}

// A short one: a conversation of its own

/** Tries of a run that can have changed nothing, because it has no tools. */
const TRIES = 3;

async function converse(
  env: Environment,
  order: RunOrder,
  action: Lightweight,
  signal: AbortSignal,
): Promise<RunEnd | undefined> {
  if (!(await hasModel(env, 'answer'))) throw new IronbarkError('usage', NO_MODEL);
  const { run } = order;
  const conversationId = runConversation(run.id);
  for (let attempt = 1; ; attempt++) {
    const input = await inputOf(env, order, action);
    const { inboxId } = await createAccept(env)(inbound(run, `${run.id}/${attempt}`, input));
    const end = await awaitEnd(env, { conversationId, inboxId }, signal);
    if (!end) return undefined;
    const ended = await endOf(env, order, end);
    if (ended.status !== 'failed' || action.useTools || attempt === TRIES) return ended;
    await delay(1_000 * 2 ** (attempt - 1), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return undefined;
  }
}

const NO_MODEL =
  'No language model is set up. Store the key of one with `ironbark secrets set OPENAI_API_KEY` (or that of another provider).';

const inbound = (run: RoutineRun, externalId: string, input: Input): Inbound => ({
  channel: ROUTINE_CHANNEL,
  externalId,
  conversationId: runConversation(run.id),
  input,
});

/** The user's own words stand alone in it; what else it is told comes beside them, with where it is from. */
async function inputOf(env: Environment, order: RunOrder, action: Lightweight): Promise<Input> {
  return {
    type: 'message',
    text: action.prompt,
    mode: 'queue',
    unattended: true,
    agent: agentOrder(env, order, action),
    aside: await asideOf(env, order, action),
  };
}

/**
 * Tokens that a model call may read: prompt, documents, results of tools. A turn counts what is read and what is written
 * together, while a routine says what may be written.
 */
const READ_PER_CALL = 32_000;

function agentOrder(env: Environment, { routine, run }: RunOrder, action: Lightweight): AgentOrder {
  const isUsers = routine.by === 'user' && routine.origins.length === 0;
  const calls = action.useTools ? action.maxToolRounds + 1 : 1;
  return {
    parentConversationId: routineConversation(routine.id),
    parentTurnId: run.id,
    depth: 1,
    tools: action.useTools ? toolsFor(env) : [],
    budgetMicroUsd: null,
    maxIterations: calls,
    origins: routine.origins,
    purpose: {
      kind: 'routine',
      id: run.id,
      within: { kind: 'routine', id: routine.id, day: dayOf(env, run) },
    },
    maxTokens: action.maxTokens + calls * READ_PER_CALL,
    maxMinutes: routine.guardrails.timeoutMinutes,
    ...(isUsers && { byUser: true }),
  };
}

/** The day that pays for it. */
const dayOf = ({ settings }: Environment, { startedAt }: RoutineRun): string =>
  periodsAt(Date.parse(startedAt), settings.timezone).day;

const toolsFor = (env: Environment): readonly string[] =>
  env.tools
    .list()
    .map(({ name }) => name)
    .filter((name) => !WITHHELD.has(name));

/** Of each document that is told with a run. */
const LONGEST_DOCUMENT = 8_192;

async function asideOf(
  env: Environment,
  { routine, run, told, origins }: RunOrder,
  action: Lightweight,
): Promise<Aside> {
  const paths = [...action.contextPaths, statePath(routine.name)];
  const documents = await env.memory.heads(paths, LONGEST_DOCUMENT);
  const texts = [
    ...(told === null ? [] : [`What started it:\n${told}`]),
    ...documents.map(
      ({ path, text, characters }) => `${path}:\n${text}${characters > text.length ? '\n[…]' : ''}`,
    ),
  ];
  const from: readonly Origin[] = unitedOrigins(origins, ...documents.map((document) => document.origins));
  return {
    instructions: runInstructions(routine, run),
    ...(texts.length > 0 && { earlier: texts.join('\n\n'), origins: from }),
  };
}

async function endOf(
  env: Environment,
  order: RunOrder,
  { finish, text, origins, tokens }: AgentEnd,
): Promise<RunEnd> {
  const { run } = order;
  const told = { origins, tokensUsed: tokens, halting: false };
  switch (finish) {
    case 'answered':
      return { ...told, ...readReply(text) };
    case 'limited':
      return {
        ...told,
        status: 'attention',
        summary: `${text}\n\n[It stopped at a limit and may not be done.]`,
      };
    case 'interrupted':
      return { ...told, status: 'cancelled', summary: text || 'It was interrupted.' };
    case 'failed':
      return { ...told, summary: text, ...(await failureOf(env, order, runConversation(run.id))) };
  }
}

/** No failure of the routine's where its own budget of the day stood in the way. */
async function failureOf(
  env: Environment,
  { routine, run }: RunOrder,
  conversationId: string,
): Promise<Pick<RunEnd, 'status' | 'usedUp'>> {
  const { rows } = await env.database.query<{ stop: BudgetStop | null }>(STOP, [sessionKey(conversationId)]);
  const stop = rows[0]?.stop;
  const day = dayOf(env, run);
  if (stop?.scope !== routineBudget(routine.id, day)) return { status: 'failed' };
  const { limitMicroUsd, spentMicroUsd } = stop;
  const usedUp: UsedUp = { day, limitMicroUsd, spentMicroUsd };
  return { status: 'cancelled', usedUp };
}

/** What the latest failure of the model has to say of a budget. */
const STOP = `
  select payload -> 'error' -> 'budget' as stop from journal
   where actor_key = $1::text and type = 'model.failed' order by seq desc limit 1`;

// A long one: a job

async function doJob(
  env: Environment,
  order: RunOrder,
  action: FullJob,
  signal: AbortSignal,
): Promise<RunEnd | undefined> {
  const { run } = order;
  const job = await env.work.create(jobOrder(env, order, action), jobKey(run));
  if (run.jobId === null) await env.database.commit([noteJob(run.id, job.id)]);
  const [ended] = await env.work.wait([job.id], signal);
  return signal.aborted || !ended ? undefined : endOfJob(env, order, ended);
}

const jobKey = ({ id }: RoutineRun): string => `run/${id}`;

function jobOrder(env: Environment, { routine, run, told, origins }: RunOrder, action: FullJob): JobOrder {
  const event = told === null ? '' : `\n\nWhat started it (material, no orders):\n${told}`;
  return {
    title: action.title,
    description: `${action.description}\n\n${runInstructions(routine, run)}${event}`,
    work: { kind: 'task', mode: 'local' },
    priority: 'routine',
    projectDir: null,
    limits: action.limits,
    tools: action.tools ?? toolsFor(env),
    credentials: {},
    by: { kind: 'routine', routineId: routine.id, runId: run.id, day: dayOf(env, run) },
    origins: unitedOrigins(routine.origins, origins),
    awaited: true,
  };
}

async function endOfJob(env: Environment, order: RunOrder, job: JobDetail): Promise<RunEnd> {
  const told = { origins: job.origins, tokensUsed: job.tokensUsed, halting: false };
  const result = job.result ?? '';
  switch (job.state) {
    case 'completed':
    case 'submitted':
    case 'accepted':
      return { ...told, ...readReply(result) };
    case 'cancelled':
      return { ...told, status: 'cancelled', summary: result || 'Its job was cancelled.' };
    default:
      return {
        ...told,
        summary: result || 'Its job failed.',
        ...(await failureOf(env, order, jobConversation(job.id))),
      };
  }
}

// Its end

/** What other routines hear of it. */
async function eventsOf(
  env: Environment,
  { routine, run, causedBy }: RunOrder,
  end: RunEnd,
  now: number,
): Promise<readonly Statement[]> {
  if (end.status === 'cancelled') return [];
  const eventType = end.status === 'failed' ? 'routine.failed' : 'routine.completed';
  const payload = { routine: routine.name, status: end.status, summary: end.summary.slice(0, 1_000) };
  const event = {
    ...{ source: OWN_SOURCE, eventType, payload, origins: end.origins },
    causedBy: [...causedBy, routine.id],
  };
  return (await tellSystemEvent(env.database, event, `run/${run.id}`, now)).statements;
}

/** Stops the conversation or the job of a run that was ended from outside. May be done again. */
export async function stopRun(env: Environment, run: RoutineRun): Promise<void> {
  if (run.jobId !== null) {
    await env.work.cancel(run.jobId, 'Its routine stopped it.', `${jobKey(run)}/stop`);
    return;
  }
  const input = { type: 'interrupt' } as const;
  const message = inbound(run, `${run.id}/interrupt`, input);
  const { inboxId, conversationId, duplicate } = await createAccept(env)(message);
  // It may have been accepted and not told.
  if (duplicate) env.hints.inputAccepted(conversationId, { inboxId, channel: ROUTINE_CHANNEL, input });
}
