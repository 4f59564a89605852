import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Container,
  type ContainerOrder,
  createContainers,
  SANDBOX_IMAGE,
} from '../src/containers/index.ts';
import { startDockerDaemon, WITHOUT_DOCKER } from '../src/containers/testing/docker-daemon.ts';
import { type Benchmark, median } from './harness.ts';
import { openScratch } from './results.ts';

/** Containers of a real daemon that is started for this. */
export const benchmark: Benchmark = {
  about: 'a container from the order until it is up, and a command in one that is up',
  defaultRounds: 3,
  async measure({ rounds }) {
    if (WITHOUT_DOCKER !== undefined) {
      console.warn(WITHOUT_DOCKER);
      return [];
    }
    await using scratch = openScratch();
    await using daemon = await startDockerDaemon();
    const containers = createContainers({ home: scratch.path, socketPath: daemon.socketPath });
    const figures: Record<'started' | 'ran' | 'removed', number[]> = { started: [], ran: [], removed: [] };
    for (let round = 0; round < rounds; round++) {
      const took: typeof figures = { started: [], ran: [], removed: [] };
      for (let at = 0; at < EACH; at++) {
        const order = orderOf(`${round}-${at}`, mkdtempSync(join(scratch.path, 'w-')));
        const container = await timed(took.started, () => containers.start(order, NEVER));
        if (at === 0) for (let time = 0; time < EACH; time++) await timed(took.ran, () => run(container));
        await timed(took.removed, () => container.remove());
      }
      figures.started.push(median(took.started));
      figures.ran.push(median(took.ran));
      figures.removed.push(median(took.removed));
    }
    return [
      { name: 'create and start', unit: 'ms', rounds: figures.started, target: { atMost: 300 } },
      { name: 'a command in one that is up', unit: 'ms', rounds: figures.ran, target: { atMost: 100 } },
      { name: 'remove', unit: 'ms', rounds: figures.removed },
    ];
  },
};

/** Of which the median counts for a round. */
const EACH = 20;
const NEVER = new AbortController().signal;

const orderOf = (id: string, hostPath: string): ContainerOrder => ({
  purpose: { kind: 'shell', id },
  image: SANDBOX_IMAGE,
  environment: {},
  workspace: { hostPath, readOnly: false },
  limits: { memoryMb: 512, cpus: 2, processes: 64, temporaryMb: 64, workspaceMb: 100 },
});

async function timed<T>(times: number[], action: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const result = await action();
  times.push(performance.now() - begun);
  return result;
}

const run = (container: Container) => container.exec({ command: ['true'], timeoutMs: 10_000, signal: NEVER });
