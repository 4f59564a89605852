import type { AnyActorRef } from 'xstate';
import type { ContainerJobDesk, ContainerJobEvent } from '../../machines/container-job.ts';
import type { Containers } from '../../src/containers/index.ts';
import { createOrchestrator } from '../../src/orchestrator/index.ts';
import { type ActorSystemHandle, startInstance, terminateInstance } from '../../src/runtime/index.ts';
import type { Environment } from '../environment.ts';
import type { JobEnd, JobRunner, RunningJob } from '../jobs/runner.ts';
import { patiently } from '../models/patiently.ts';
import { CONTAINER_JOBS, containerJobName } from '../names.ts';
import { createAdmit } from './admit.ts';
import { createBells } from './bells.ts';
import { type OpenedDesk, openContainerDesk } from './container-desk.ts';
import type { ContainerMode, ContainerParts, ContainerSettings } from './container-plan.ts';
import { readContainer, type WorkOutcome } from './container-rows.ts';
import { promptStatement } from './prompt-rows.ts';

/** Jobs that work in containers. */
export interface ContainerJobs {
  /** What carries out jobs of this mode. */
  runner(mode: ContainerMode): JobRunner;
  /** What their containers are made of. */
  parts(): ContainerParts;
  /** Whether this process looks after the container of this job. */
  isServed(jobId: string): boolean;
  /** From now on their actors are of this tree. */
  connect(system: Pick<ActorSystemHandle, 'whereis'>): void;
}

interface Served extends OpenedDesk {
  readonly effectId: string;
  /** Resolves when nobody here looks after it any more. */
  readonly over: Promise<unknown>;
}

export interface ContainerJobsOptions {
  readonly containers: Containers;
  /** The folder below which sockets and states of jobs lie. */
  readonly folder: string;
  readonly settings: ContainerSettings;
  readonly graceMs?: number;
}

export function createContainerJobs(
  environment: () => Environment,
  options: ContainerJobsOptions,
): ContainerJobs {
  const parts = once(() => partsOf(environment(), options));
  const served = new Map<string, Served>();
  const connected = Promise.withResolvers<Pick<ActorSystemHandle, 'whereis'>>();
  let system: Pick<ActorSystemHandle, 'whereis'> | undefined;

  async function begin(job: RunningJob, effectId: string, mode: ContainerMode): Promise<Served> {
    const opened = openContainerDesk(environment(), parts(), { job, effectId, mode });
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    void opened.outcome.then(() => end());
    const leave = async (): Promise<void> => {
      await terminate(system, job.id);
      await opened.leave();
      end();
    };
    const one = { ...opened, effectId, over, leave };
    served.set(job.id, one);
    void over.then(() => served.get(job.id) === one && served.delete(job.id));
    return one;
  }

  async function run(
    mode: ContainerMode,
    job: RunningJob,
    effectId: string,
    signal: AbortSignal,
  ): Promise<JobEnd> {
    // What goes on where the last process ended may begin before the whole tree stands.
    await connected.promise;
    // Of an earlier effect, or of this one in an actor that is no more.
    await served.get(job.id)?.over;
    const one = await begin(job, effectId, mode);
    const unwanted = (): void => void abandon(one, job.id, signal).catch(logged(environment(), job.id));
    if (signal.aborted) unwanted();
    else signal.addEventListener('abort', unwanted, { once: true });
    try {
      const actor = await patiently(signal, () => start(system, job.id, one.desk));
      if (!actor && !signal.aborted) {
        await one.leave();
        throw new Error('there is nobody who could look after the container of a job');
      }
      return await endOf(environment(), job.id, one.outcome, signal);
    } finally {
      signal.removeEventListener('abort', unwanted);
    }
  }

  /** Work that is not wanted is stopped; where only this process stops, it goes on without us. */
  async function abandon(one: Served, jobId: string, { reason }: AbortSignal): Promise<void> {
    if (reason !== 'cancelled' && reason !== 'stuck') return one.leave();
    const actor = system?.whereis(containerJobName(jobId));
    const event: ContainerJobEvent = { type: 'work.unwanted', why: reason };
    if (actor) return actor.send(event);
    await one.desk.stop(reason, new AbortController().signal);
    await one.desk.collect(reason, new AbortController().signal);
  }

  return {
    parts,
    isServed: (jobId) => served.has(jobId),
    connect(tree) {
      system = tree;
      connected.resolve(tree);
    },
    runner: (mode) => ({
      refusal: () => refusalOf(parts()),
      run: (job, effectId, signal) => run(mode, job, effectId, signal),
      async prompt(job, said) {
        const { database, clock } = environment();
        await database.commit([promptStatement(job.id, said, new Date(clock.now()).toISOString())]);
      },
    }),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function partsOf(env: Environment, options: ContainerJobsOptions): ContainerParts {
  const bells = createBells();
  const orchestrator = createOrchestrator({
    admit: createAdmit(env, bells),
    clock: env.clock,
    onDefect: (error) => env.log.error({ err: error }, 'a defect of the orchestrator'),
  });
  return { ...options, bells, orchestrator };
}

const logged =
  ({ log }: Environment, jobId: string) =>
  (error: unknown): void =>
    log.warn({ jobId, err: error }, 'the container of a job was not stopped; it is looked for later');

/** Undefined where there is nobody yet who could start it. */
async function start(
  system: Pick<ActorSystemHandle, 'whereis'> | undefined,
  jobId: string,
  desk: ContainerJobDesk,
): Promise<AnyActorRef | undefined> {
  const supervisor = system?.whereis(CONTAINER_JOBS);
  const as = { id: jobId, name: containerJobName(jobId) };
  const started = supervisor && (await startInstance(supervisor, { desk }, as));
  return started?.ok ? started.value.ref : undefined;
}

async function terminate(
  system: Pick<ActorSystemHandle, 'whereis'> | undefined,
  jobId: string,
): Promise<void> {
  const supervisor = system?.whereis(CONTAINER_JOBS);
  const actor = system?.whereis(containerJobName(jobId));
  if (supervisor && actor) await terminateInstance(supervisor, actor);
}

async function endOf(
  { database }: Environment,
  jobId: string,
  outcome: Promise<WorkOutcome>,
  signal: AbortSignal,
): Promise<JobEnd> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => undefined);
  signal.addEventListener('abort', () => reject(new Error('the work goes on without us')), { once: true });
  const ended = await Promise.race([outcome, aborted]);
  const row = await readContainer(database, jobId);
  return { ...ended, tokens: row?.tokens ?? 0, costMicroUsd: row?.costMicroUsd ?? 0 };
}

/** Nothing runs on this machine instead: where there are no containers, such a job is not taken. */
async function refusalOf({ containers, settings }: ContainerParts): Promise<string | undefined> {
  const state = await containers.probe();
  if (state.state !== 'available')
    return `There are no containers for it. ${state.message} What helps: ${state.fix}`;
  return (await containers.hasImage(settings.image))
    ? undefined
    : `The image ${settings.image} is missing. What helps: ironbark sandbox build`;
}
