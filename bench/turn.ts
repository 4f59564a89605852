import { join } from 'node:path';
import { modelEnvironment, startAssistant } from './assistant.ts';
import { type Crowd, openCrowd, type TurnLoad } from './crowd.ts';
import { callDirectly } from './direct-call.ts';
import { type Benchmark, type Figure, interleave, median, quantile, series, type Target } from './harness.ts';
import { type Load, runLoad } from './load.ts';
import { startModelProcess } from './model-process.ts';
import { residentMegabytes } from './process-usage.ts';
import { openScratch } from './results.ts';

/**
 * What the assistant adds to a model that answers at once. The assistant and the model server run in processes of
 * their own; users come over WebSockets; the database is the embedded one and really reaches the disk.
 */
export const benchmark: Benchmark = {
  about: 'whole turns with a model that answers at once, against direct calls of that model',
  defaultRounds: 5,
  async measure({ rounds, nodeFlags }) {
    await using scratch = openScratch();
    await using model = await startModelProcess();
    const folders = { home: join(scratch.path, 'home'), cache: join(scratch.path, 'cache') };
    await using assistant = await startAssistant({ ...folders, env: modelEnvironment(model.url), nodeFlags });
    await using crowd = await openCrowd(assistant);
    const figures: Figure[] = [];
    for (const level of LEVELS) figures.push(...(await measureLevel(level, rounds, model.url, crowd)));
    const memory = await residentMegabytes(assistant.pid);
    return [...figures, { name: `resident after ${countTurns(rounds)} turns`, unit: 'MB', rounds: [memory] }];
  },
};

interface Level {
  readonly conversations: number;
  /** Turns of each conversation in one round. */
  readonly turns: number;
  /** Milliseconds that a turn takes longer than a direct call. */
  readonly overhead?: Target;
  /** Turns a second, of all conversations. */
  readonly throughput?: Target;
  /** Milliseconds within which 99 of 100 turns are done. */
  readonly slowest?: Target;
}

const LEVELS: readonly Level[] = [
  { conversations: 1, turns: 60, overhead: { atMost: 5 } },
  { conversations: 5, turns: 40 },
  { conversations: 20, turns: 30, throughput: { atLeast: 300 }, slowest: { atMost: 150 } },
  { conversations: 100, turns: 8 },
];

/** Every round has conversations of its own, so that no round is slower for the length of their history. */
async function measureLevel(
  level: Level,
  rounds: number,
  modelUrl: string,
  crowd: Crowd,
): Promise<readonly Figure[]> {
  const { conversations, turns } = level;
  const direct = series(() => runLoad(conversations, turns, () => callDirectly(modelUrl)));
  const turn = series(() => crowd.converse(conversations, turns));
  await interleave(rounds, direct, turn);
  return figuresOf(level, direct.values, turn.values);
}

function figuresOf(level: Level, direct: readonly Load[], turns: readonly TurnLoad[]): readonly Figure[] {
  const who = level.conversations === 1 ? 'alone' : `${level.conversations} at once`;
  const figure = (what: string, unit: string, rounds: readonly number[], target?: Target): Figure => ({
    name: `${who}: ${what}`,
    unit,
    rounds,
    ...(target && { target }),
  });
  return [
    figure('direct call', 'ms', direct.map(typical)),
    figure('turn', 'ms', turns.map(typical)),
    figure(
      'turn minus direct call',
      'ms',
      pairwise(turns, direct, (a, b) => typical(a) - typical(b)),
      level.overhead,
    ),
    figure('turn, p99', 'ms', turns.map(slowest), level.slowest),
    figure(
      'direct calls',
      '/s',
      direct.map(({ perSecond }) => perSecond),
    ),
    figure(
      'turns',
      '/s',
      turns.map(({ perSecond }) => perSecond),
      level.throughput,
    ),
    figure(
      'turns to direct calls',
      '×',
      pairwise(turns, direct, (a, b) => a.perSecond / b.perSecond),
    ),
    figure(
      'processor time of a turn',
      'ms',
      turns.map(({ processorMs }) => processorMs),
    ),
  ];
}

const typical = (load: Load): number => median(load.latencies);
const slowest = (load: Load): number => quantile(load.latencies, 0.99);

/** Compares what was measured in the same round. */
function pairwise(
  these: readonly Load[],
  those: readonly Load[],
  compare: (a: Load, b: Load) => number,
): readonly number[] {
  return these.flatMap((load, round) => (those[round] ? [compare(load, those[round])] : []));
}

/** With the round that warms up. */
function countTurns(rounds: number): number {
  return LEVELS.reduce((sum, { conversations, turns }) => sum + conversations * turns, 0) * (rounds + 1);
}
