import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createContainerJobs } from '../actors/orchestrator/container-jobs.ts';
import { openBench, until } from '../actors/testing/bench.ts';
import { startSystem } from '../src/runtime/index.ts';
import { orchestrator } from './orchestrator.ts';

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });

test('listens on this machine where that is wanted, and again after a crash', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ib-door-'));
  await using bench = await openBench({ script: () => 'hello' });
  const { env } = bench;
  const limits = { memoryMb: 64, cpus: 1, processes: 16, temporaryMb: 16 };
  const settings = { image: 'none', limits };
  const jobs = createContainerJobs(() => env, { containers: env.containers, folder, settings });
  const port = await freePort();
  const system = await startSystem(orchestrator({ env, jobs }, port));
  const ask = (path: string): Promise<number> =>
    fetch(`http://127.0.0.1:${port}${path}`).then(
      ({ status }) => status,
      () => 0,
    );
  const answers = async (): Promise<void> => {
    while ((await ask('/health')) !== 200) await new Promise((resolve) => setImmediate(resolve));
  };
  try {
    await answers();
    expect(await ask('/worker/unknown/job')).toBe(401);
    expect(system.crash('root/door')).toBe(true);
    await until(() =>
      system.tree().children.some(({ path, incarnation }) => path === 'root/door' && incarnation === 2),
    );
    await answers();
  } finally {
    await system.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  expect(await ask('/health')).toBe(0);
});
