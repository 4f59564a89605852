import { isResting, type JobEvent, jobMachine } from '../../machines/job.ts';
import {
  type Continuation,
  type DurableProcess,
  durable,
  durableMachine,
  type OpenedActor,
  type Outcome,
  type Trouble,
} from '../../src/runtime/durable/index.ts';
import { ShutdownExit } from '../../src/runtime/index.ts';
import type { Queryable, Statement } from '../../src/storage/index.ts';
import { createActorStore } from '../../src/storage/journal/index.ts';
import {
  isQuiet,
  type Job,
  type JobAtHand,
  jobKey,
  type OpenMessage,
  openMessages,
  readJobAtHand,
} from '../../src/work/index.ts';
import type { Environment } from '../environment.ts';
import { type JobTypes, rowsOfEvent, rowsOfMove } from './rows.ts';
import { type JobRecord, JobScope } from './scope.ts';
import { workSettings } from './settings.ts';
import { jobRepair, jobWork } from './work.ts';

/** The job's statechart bound to its row, its journal and the world. */
const durableJob = durableMachine<typeof jobMachine, JobTypes>({
  machine: jobMachine,
  version: 1,
  requests: {
    move: { rows: rowsOfMove },
    runWork: {
      class: ({ effect }) => effect,
      start: (_, { id, scope }) => ({ actorId: 'work', logic: jobWork, input: { scope, effectId: id } }),
      unknown: () => ({ type: 'work.unknown' }),
    },
    repairWork: {
      class: 'idempotent',
      start: (_, { id, scope }) => ({ actorId: 'repair', logic: jobRepair, input: { scope, effectId: id } }),
    },
  },
  rowsOf: rowsOfEvent,
  inputsOf: (event) => ('inboxId' in event ? [event.inboxId] : []),
  perceive: (event, { scope }) =>
    event.type === 'job.start' ? { ...event, effect: effectOf(scope) } : event,
  rests: isResting,
  refused: (inboxId, why) => ({ records: [{ type: 'input.refused', inboxId, reason: REFUSALS[why] }] }),
  parked: (crashes) => ({
    type: 'job.abandoned',
    reason: `It was given up: it crashed ${crashes} times on the same step. The log has the details.`,
  }),
  committed: ({ entries }, scope) => scope.committed(entries),
  troubled: logTrouble,
});

const REFUSALS = {
  unexpected: 'The job is not waiting for this any more.',
  crashed: 'The job crashed on it again and again. The log has the details.',
};

const effectOf = ({ job, runner }: JobScope) => runner?.effectOf?.(job.work) ?? 'idempotent';

/** What the actor of a job is started with. */
export interface JobActorInput {
  readonly env: Environment;
  readonly id: string;
  /** Its turn has come; without, it only deals with what it was told. */
  readonly start?: Extract<JobEvent, { type: 'job.start' }>;
}

/** There may be something in the inbox. */
type Nudge = { readonly type: 'job.nudged' };
export type JobActorEvent = JobEvent | Nudge;

type JobFact = Outcome<JobEvent, JobRecord, Statement> & { readonly effectId?: string };
type ActorFact = JobFact | { readonly event: Nudge };

/**
 * The actor of one job. It is there while something is done about the job: a job that waits for its turn or has ended has
 * none, and nothing stored beside its row and its journal. Whatever it is told then brings it back for that moment.
 */
export const job = durable<JobActorInput, JobActorEvent, ActorFact>(async ({ env, id, start }) => {
  const { opened, job: row, messages } = await openJob(env, id);
  const scope = new JobScope(env, row);
  const process = await durableJob.process({
    open: async () => asItRests(opened, row, env),
    scope,
    fresh: { input: inputOf(row, env), ...(start && { event: start }), again: true },
  });
  return attentive(process, scope, messages);
});

/** Most jobs are begun once, and then all there is to know is read at once. */
async function openJob({ database, clock, epoch }: Environment, id: string) {
  const store = createActorStore<JobRecord>(database, clock, epoch);
  const found = await jobAtHand(database, id);
  if (!found.hasActor) return { ...found, opened: store.create(jobKey(id), durableJob.version) };
  const opened = await store.open(jobKey(id), durableJob.version);
  // Read after older lives have been fenced off, so that none of them can still change it.
  return { ...(await jobAtHand(database, id)), opened };
}

async function jobAtHand(database: Queryable, id: string): Promise<JobAtHand> {
  const found = await readJobAtHand(database, id);
  if (!found) throw new ShutdownExit(`there is no job ${id} any more`);
  return found;
}

const inputOf = (row: Job, env: Environment) => ({
  attempts: row.attempts,
  maxRepairs: workSettings(env).maxRepairs,
  quiet: isQuiet(row),
  effect: 'idempotent' as const,
});

/** Where nothing is stored, its row says where it stands. */
function asItRests(
  opened: OpenedActor<JobRecord, Statement>,
  row: Job,
  env: Environment,
): OpenedActor<JobRecord, Statement> {
  if (opened.snapshot !== null || row.state === 'pending') return opened;
  const context = { ...inputOf(row, env), accepted: false };
  return { ...opened, version: durableJob.version, snapshot: { state: row.state, context } };
}

type MachineProcess = DurableProcess<JobEvent, JobFact>;

/** Takes in what waits in the job's inbox, and ends when there is nothing left to do about the job. */
function attentive(
  process: MachineProcess,
  scope: JobScope,
  first: readonly OpenMessage[],
): DurableProcess<JobActorEvent, ActorFact> {
  let coming = 0;

  function ended(next: Continuation<JobFact>): Continuation<ActorFact> {
    const isDone = coming === 0 && !next.facts?.length && isResting(scope.job.state);
    return isDone ? { ...next, done: true } : next;
  }

  function taking(messages: readonly OpenMessage[], next: Continuation<JobFact>): Continuation<ActorFact> {
    coming += messages.length;
    const facts = [...(next.facts ?? []), ...messages.map((event) => ({ event }))];
    return facts.length > 0 ? { ...next, facts } : ended(next);
  }

  return {
    get state() {
      return process.state;
    },
    get live() {
      return process.live;
    },
    begin: async () => taking(first, await process.begin()),
    async step(fact) {
      if (isNudge(fact)) return taking(await openMessages(scope.env.database, scope.job.id), {});
      if ('inboxId' in fact.event) coming--;
      return ended(await process.step(fact));
    },
    factOf: (event) => (event.type === 'job.nudged' ? { event } : { event }),
    effectDied: (effectId, error) => process.effectDied(effectId, error),
  };
}

const isNudge = (fact: ActorFact): fact is { readonly event: Nudge } => fact.event.type === 'job.nudged';

function logTrouble(trouble: Trouble, { env }: JobScope): void {
  if (trouble.type === 'effect-died') {
    const { effectId, kind, deaths, error } = trouble;
    env.log.error({ effectId, request: kind, deaths, err: error }, 'work of a job died');
  } else {
    const { key, crashes, letter } = trouble;
    env.log.error({ key, crashes, letter }, 'step of a job parked as a dead letter');
  }
}
