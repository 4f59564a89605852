import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startPostgres } from '../src/storage/testing/postgres-server.ts';
import { type AssistantOptions, startAssistant } from './assistant.ts';
import { type Benchmark, interleave, type Line, series } from './harness.ts';
import { processorSeconds, residentMegabytes } from './process-usage.ts';
import { openScratch } from './results.ts';

/** How soon the assistant is there, and what it uses while nobody talks to it. */
export const benchmark: Benchmark = {
  about: 'from starting the process until it is ready, and what it uses when idle',
  defaultRounds: 5,
  async measure({ rounds, nodeFlags }) {
    await using scratch = openScratch();
    const inHome = (name: string): AssistantOptions => ({
      home: join(scratch.path, name),
      cache: join(scratch.path, 'cache'),
      nodeFlags,
    });
    const first = await timeStart(inHome('first'));
    const existing = series(() => timeStart(inHome('first')));
    const empty = series((round) => timeStart(inHome(`empty-${round}`)));
    await interleave(rounds, existing, empty);
    return [
      { name: 'the very first start, nothing compiled', unit: 'ms', rounds: [first] },
      figure('start, empty home', empty.values, 2_500),
      figure('start, existing home', existing.values, 900),
      ...(await idle('embedded database', 220, inHome('first'))),
      ...(await idleOnPostgres(inHome('postgres'))),
    ];
  },
};

/** Before the memory is read: what starting needed has been given back by then. */
const SETTLE_MS = 10_000;
const WATCH_MS = 20_000;

function figure(name: string, times: readonly number[], atMost: number): Line {
  return { name, unit: 'ms', rounds: times, target: { atMost } };
}

async function timeStart(options: AssistantOptions): Promise<number> {
  await using assistant = await startAssistant(options);
  return assistant.readyMs;
}

async function idle(
  database: string,
  atMostMegabytes: number,
  options: AssistantOptions,
): Promise<readonly Line[]> {
  await using assistant = await startAssistant(options);
  await wait(SETTLE_MS);
  const memory = await residentMegabytes(assistant.pid);
  const before = await processorSeconds(assistant.pid);
  await wait(WATCH_MS);
  const busy = ((await processorSeconds(assistant.pid)) - before) / (WATCH_MS / 1000);
  return [
    { name: `idle memory, ${database}`, unit: 'MB', rounds: [memory], target: { atMost: atMostMegabytes } },
    { name: `idle processor, ${database}`, unit: '% of a core', rounds: [100 * busy], target: { atMost: 1 } },
  ];
}

async function idleOnPostgres(options: AssistantOptions): Promise<readonly Line[]> {
  await using postgres = await startPostgres();
  if (!postgres) return [{ name: 'idle memory, PostgreSQL', skipped: 'no PostgreSQL on this machine' }];
  const onPostgres = { ...options, env: { DATABASE_URL: await postgres.freshDatabase() } };
  // The very first start compiles, which takes memory that later ones do not.
  await timeStart(onPostgres);
  // Awaited here, or the server would be gone before it is used.
  return await idle('PostgreSQL', 120, onPostgres);
}
