import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { modelEnvironment, type RunningAssistant, startAssistant } from './assistant.ts';
import { type Benchmark, type Figure, type Line, median, quantile } from './harness.ts';
import { startModelProcess } from './model-process.ts';
import { processorSeconds, residentMegabytes } from './process-usage.ts';
import { openScratch } from './results.ts';
import { startWorkProcess, type WorkProcess } from './work/process.ts';

const WORKERS = 5;
const JOBS = 200;
const KILLS = 20;
const ARMED = 10_000;
const DUE = 100;
/** By then all is done that is done once a while after a start. */
const SETTLED_MS = 40_000;
/** How long the assistant is left alone to see what its routines cost. */
const IDLE_MS = 20_000;
const SEED = 20_261_122;

/**
 * Jobs and routines: that nothing is lost or doubled where the process is killed in the middle of them, and what they
 * cost. The embedded database really reaches the disk; the model answers at once, or slowly where kills are to hit it.
 */
export const benchmark: Benchmark = {
  about: `${JOBS} jobs through ${KILLS} kills; what a job costs; ${ARMED} routines armed; ${DUE} due in one second`,
  defaultRounds: 3,
  async measure({ rounds, nodeFlags }) {
    await using scratch = openScratch();
    const home = (name: string): string => join(scratch.path, name);
    const lines: Line[] = [];
    lines.push(...(await killed(home('killed'))));
    lines.push(...(await compared(home('compared'), rounds, nodeFlags)));
    lines.push(...(await armed(home('armed'), join(scratch.path, 'cache'), rounds)));
    lines.push(...(await due(home('due'), rounds, nodeFlags)));
    return lines;
  },
};

const SETTINGS = { IRONBARK_WORK_MAX_PARALLEL_JOBS: String(WORKERS) };

/** The same jobs are ordered anew in each life, as by somebody who does not know what was accepted. */
async function killed(home: string): Promise<readonly Line[]> {
  await using model = await startModelProcess({ words: 5, dripMs: 15 });
  const start = (): Promise<WorkProcess> => startWorkProcess({ home, modelUrl: model.url, env: SETTINGS });
  const random = randomFrom(SEED);
  for (let kill = 0; kill < KILLS; kill++) {
    await using life = await start();
    void life.order('job', JOBS);
    await wait(300 + 900 * random());
    await life.kill();
  }
  await using last = await start();
  await last.order('job', JOBS);
  await last.ended('job', JOBS);
  const ended = await last.outcomes('job');
  const completed = ended.filter(({ state, replies }) => state !== 'failed' && replies > 0);
  const doubled = ended.filter(({ replies }) => replies > 1).length + (ended.length - JOBS);
  return [
    figure(`${KILLS} kills: jobs lost`, '', [JOBS - completed.length], { atMost: 0 }),
    figure(`${KILLS} kills: jobs done twice`, '', [doubled], { atMost: 0 }),
  ];
}

/** As many first messages as there are jobs, and as many at once. */
async function beginnings(life: WorkProcess, name: string): Promise<void> {
  for (let talk = 0; talk < JOBS / WORKERS; talk++) await life.talk(`${name}-${talk}`, WORKERS, 1);
}

/** What a job takes beyond the turn that does its work. */
async function compared(
  home: string,
  rounds: number,
  nodeFlags: readonly string[],
): Promise<readonly Line[]> {
  await using model = await startModelProcess();
  await using life = await startWorkProcess({ home, modelUrl: model.url, env: SETTINGS, nodeFlags });
  const each: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const turns = await timed(() => beginnings(life, `turns-${round}`));
    const jobs = await timed(async () => {
      await life.order(`jobs-${round}`, JOBS);
      await life.ended(`jobs-${round}`, JOBS);
    });
    if (round > 0) each.push((jobs - turns) / JOBS);
  }
  return [figure(`${JOBS} jobs on ${WORKERS} workers: a job minus its turn`, 'ms', each, { atMost: 5 })];
}

/** Starts the program as a user does: it gives back itself what only its start needed. */
async function armed(home: string, cache: string, rounds: number): Promise<readonly Line[]> {
  await using model = await startModelProcess();
  const modelUrl = model.url;
  const start = () => startAssistant({ home, cache, env: modelEnvironment(modelUrl) });
  const rest = async (): Promise<readonly Resting[]> => {
    const all: Resting[] = [];
    for (let round = 0; round < rounds; round++) all.push(await restingIn(start));
    return all;
  };
  // The first start makes the database, and keeps more memory than any later one.
  await (await start())[Symbol.asyncDispose]();
  const without = await rest();
  {
    await using life = await startWorkProcess({ home, modelUrl });
    // Of five fields, so that none is due while it is measured.
    await life.arm('armed', ARMED, '0 0 1 1 *');
  }
  const having = await rest();
  // Two starts differ by up to 30 MB: what counts is the middle of several.
  const more = (of: (one: Resting) => number): readonly number[] =>
    having.map((one) => of(one) - median(without.map(of)));
  return [
    figure(
      `${ARMED} routines armed: memory`,
      'MB',
      more(({ megabytes }) => megabytes),
      { atMost: 60 },
    ),
    figure(
      `${ARMED} routines armed: processor`,
      '%',
      more(({ percent }) => percent),
      { atMost: 1 },
    ),
  ];
}

interface Resting {
  readonly megabytes: number;
  readonly percent: number;
}

/** What a process uses that was started a while ago and has nothing to do. */
async function restingIn(start: () => Promise<RunningAssistant>): Promise<Resting> {
  await using life = await start();
  await wait(SETTLED_MS);
  const before = await processorSeconds(life.pid);
  await wait(IDLE_MS);
  const seconds = (await processorSeconds(life.pid)) - before;
  return { megabytes: await residentMegabytes(life.pid), percent: (100_000 * seconds) / IDLE_MS };
}

/** Long enough ahead that all are armed by then. */
const AHEAD_MS = 10_000;
const TURNS_MEANWHILE = 100;
/** By default ten runs work at once and more wait, which is a choice; here all that are due begin. */
const ALL_AT_ONCE = { IRONBARK_ROUTINES_MAX_CONCURRENT: String(DUE) };

async function due(home: string, rounds: number, nodeFlags: readonly string[]): Promise<readonly Line[]> {
  await using model = await startModelProcess();
  await using life = await startWorkProcess({ home, modelUrl: model.url, env: ALL_AT_ONCE, nodeFlags });
  const late: number[] = [];
  const growth: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const name = `due-${round}`;
    const at = new Date(Date.now() + AHEAD_MS);
    await life.arm(name, DUE, onceAt(at));
    const alone = median(await life.talk(`alone-${round}`, 1, TURNS_MEANWHILE));
    await wait(at.getTime() - at.getMilliseconds() - Date.now());
    const meanwhile = await life.talk(`meanwhile-${round}`, 1, TURNS_MEANWHILE);
    const lateness = await life.lateness(name, DUE);
    if (round === 0) continue;
    late.push(quantile(lateness, 0.99));
    growth.push(median(meanwhile) / alone);
  }
  return [
    figure(`${DUE} due at once: start after the time, p99`, 'ms', late, { atMost: 250 }),
    figure(`${DUE} due at once: an interactive turn, to one alone`, '×', growth, { atMost: 1.2 }),
  ];
}

const onceAt = (at: Date): string =>
  `${at.getUTCSeconds()} ${at.getUTCMinutes()} ${at.getUTCHours()} ${at.getUTCDate()} ${at.getUTCMonth() + 1} *`;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function figure(
  name: string,
  unit: string,
  rounds: readonly number[],
  target: NonNullable<Figure['target']>,
): Figure {
  return { name, unit, rounds, target };
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
