import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Container, ContainerStats } from '../../src/containers/index.ts';
import type { JobUsage } from '../../src/core/work.ts';
import { readJobEvents } from '../../src/work/index.ts';
import { openBench } from '../testing/bench.ts';
import { followContainer } from './follow-container.ts';
import { addJob } from './testing/add-job.ts';

const MEGABYTE = 1024 * 1024;
const SAMPLE: ContainerStats = {
  memoryBytes: 100 * MEGABYTE,
  memoryLimitBytes: 512 * MEGABYTE,
  cpuPercent: 12.5,
  processes: 3,
  processLimit: 64,
  disk: { read: 1_000, written: 2_000 },
};

/** One that says nothing, and takes what it is told to take. */
function silent(stats: Container['stats']): Container {
  const unused = async (): Promise<never> => {
    throw new Error('nobody asks for this');
  };
  return {
    id: 'c1',
    purpose: { kind: 'worker', id: 'j' },
    logs: async () => {},
    stats,
    exec: unused,
    shortages: unused,
    ended: unused,
    stop: unused,
    remove: unused,
  };
}

test('what a container takes is told live each three seconds and not kept; the most of it is kept at its end', async () => {
  let now = Date.UTC(2030, 0, 1);
  await using bench = await openBench({ script: () => '', time: { now: () => now } });
  const folder = mkdtempSync(join(tmpdir(), 'ib-follow-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await addJob(bench.database, folder, { id: 'j' });
  const told: JobUsage[] = [];
  bench.env.feed.watchWork((event) => {
    if (event.type === 'job-usage' && event.jobId === 'j') told.push(event.usage);
  });
  const following = followContainer(
    bench.env,
    'j',
    silent(async (onSample) => {
      // Each second, as a daemon does.
      for (let second = 0; second < 10; second++) {
        onSample({ ...SAMPLE, processes: second === 5 ? 40 : 3, memoryBytes: (100 + second) * MEGABYTE });
        now += 1_000;
      }
    }),
  );
  const at = (second: number): Partial<JobUsage> => ({
    ...SAMPLE,
    at: `2030-01-01T00:00:0${second}.000Z`,
    memoryBytes: (100 + second) * MEGABYTE,
  });
  expect(told).toEqual([at(0), at(3), at(6), at(9)]);
  expect(await readJobEvents(bench.database, 'j', { limit: 10 })).toEqual([]);

  await following.end();
  expect(await readJobEvents(bench.database, 'j', { limit: 10 })).toMatchObject([
    { type: 'status', data: { status: 'used', memory_mb: 109, processes: 40 } },
  ]);
  expect(told).toHaveLength(4);
});
