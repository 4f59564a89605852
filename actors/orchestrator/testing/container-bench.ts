import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Containers, createContainers, withRefusals } from '../../../src/containers/index.ts';
import type { DockerDaemon } from '../../../src/containers/testing/docker-daemon.ts';
import { type ActorSystemHandle, startSystem } from '../../../src/runtime/index.ts';
import { createMasterKeys, createVault } from '../../../src/secrets/index.ts';
import type { Job } from '../../../src/work/index.ts';
import { orchestrator } from '../../../supervisors/orchestrator.ts';
import type { Environment } from '../../environment.ts';
import type { JobEnd, JobRunner, RunningJob } from '../../jobs/runner.ts';
import { type Bench, openBench, type Script } from '../../testing/bench.ts';
import { type ContainerJobs, createContainerJobs } from '../container-jobs.ts';
import { workerMode } from '../container-modes.ts';
import type { ContainerMode, ContainerSettings } from '../container-plan.ts';
import type { ReaperInput } from '../reaper.ts';
import { addJob } from './add-job.ts';

/** Jobs in containers of a real daemon, with a played model. */
export interface ContainerBench extends AsyncDisposable {
  readonly bench: Bench;
  readonly env: Environment;
  readonly folder: string;
  readonly containers: Containers;
  readonly jobs: ContainerJobs;
  readonly runner: JobRunner;
  readonly system: ActorSystemHandle;
  readonly reaperInput: ReaperInput;
  add(order: Partial<Job> & Pick<Job, 'id'>): Promise<RunningJob>;
  run(job: RunningJob, effectId?: string): { readonly end: Promise<JobEnd>; readonly stop: AbortController };
  /** As if the process had died, and another had started over the same database. */
  restart(): Promise<void>;
}

export async function openContainerBench(
  daemon: Pick<DockerDaemon, 'socketPath' | 'image'>,
  options: {
    readonly script: Script;
    readonly settings?: Partial<ContainerSettings['limits']>;
    readonly mode?: ContainerMode;
    readonly image?: string;
    readonly known?: Parameters<typeof openBench>[0]['known'];
  },
): Promise<ContainerBench> {
  const { script, known, mode = workerMode() } = options;
  const folder = mkdtempSync(join(tmpdir(), 'ib-jobs-'));
  const bench = await openBench({ script, ...(known && { known }) });
  const keys = createMasterKeys({ env: {}, home: folder });
  const vault = createVault({ database: bench.database, clock: bench.env.clock, keys });
  const env = { ...bench.env, vault };
  const containers = withRefusals(
    createContainers({ home: folder, socketPath: daemon.socketPath }),
    env.refusals,
  );
  const settings: ContainerSettings = {
    image: options.image ?? daemon.image,
    limits: { memoryMb: 1024, cpus: 2, processes: 256, temporaryMb: 128, ...options.settings },
  };
  const start = async () => {
    const jobs = createContainerJobs(() => env, { containers, folder, settings, graceMs: 2_000 });
    const reaperInput = { env, jobs };
    const system = await startSystem(orchestrator(reaperInput));
    return { jobs, system, reaperInput, runner: jobs.runner(mode) };
  };
  let life = await start();
  const running = new Set<AbortController>();
  return {
    bench,
    env,
    folder,
    containers,
    get jobs() {
      return life.jobs;
    },
    get runner() {
      return life.runner;
    },
    get system() {
      return life.system;
    },
    get reaperInput() {
      return life.reaperInput;
    },
    add: (order) => addJob(bench.database, folder, order),
    run(job, effectId = 'effect-1') {
      const stop = new AbortController();
      running.add(stop);
      const end = life.runner.run(job, effectId, stop.signal);
      end.catch(() => undefined);
      return { end, stop };
    },
    async restart() {
      for (const stop of running) stop.abort();
      await life.system.stop();
      life = await start();
    },
    async [Symbol.asyncDispose]() {
      for (const stop of running) stop.abort();
      await life.system.stop();
      for (const { id } of await containers.mine().catch(() => []))
        await (await containers.adopt(id))?.remove();
      await bench[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
