import { join } from 'node:path';
import { type AgentProcess, startAgentProcess } from './agent/process.ts';
import { openSteering } from './agent/steering.ts';
import { openCrowd } from './crowd.ts';
import { callDirectly } from './direct-call.ts';
import { type Benchmark, type Figure, interleave, median, quantile, series } from './harness.ts';
import { type Load, runLoad } from './load.ts';
import { startModelProcess } from './model-process.ts';
import { openScratch } from './results.ts';

/** Tools beside the built-in ones in the second arm. */
const MANY = 500;

/** Steered messages in one round; the median of them is its value. */
const STEERED = 15;

/**
 * What the agent loop costs with all that is in place: whole turns with the built-in tools alone and with hundreds
 * more, and how soon a message that is said during a turn reaches the model. Users come over WebSockets; the model
 * answers at once; the database is the embedded one and really reaches the disk.
 */
export const benchmark: Benchmark = {
  about: `turns with the built-in tools and with ${MANY} more; messages that steer`,
  defaultRounds: 5,
  async measure({ rounds, nodeFlags }) {
    await using scratch = openScratch();
    await using model = await startModelProcess();
    const start = (name: string, tools: number): Promise<AgentProcess> =>
      startAgentProcess({ home: join(scratch.path, name), modelUrl: model.url, tools, nodeFlags });
    await using few = await start('few', 0);
    await using many = await start('many', MANY);
    await using fewUsers = await openCrowd(few);
    await using manyUsers = await openCrowd(many);
    const direct = series(() => runLoad(1, 60, () => callDirectly(model.url)));
    const fewAlone = series(() => fewUsers.converse(1, 60));
    const manyAlone = series(() => manyUsers.converse(1, 60));
    const fewTogether = series(() => fewUsers.converse(20, 30));
    const manyTogether = series(() => manyUsers.converse(20, 30));
    await interleave(rounds, direct, fewAlone, manyAlone, fewTogether, manyTogether);

    await using steering = await openSteering(join(scratch.path, 'steered'), nodeFlags);
    const steered = series(async () => {
      const milliseconds: number[] = [];
      for (let message = 0; message < STEERED; message++) milliseconds.push(await steering.steer());
      return median(milliseconds);
    });
    await interleave(rounds, steered);

    return [
      {
        name: 'alone: turn minus direct call',
        unit: 'ms',
        rounds: pairs(fewAlone.values, direct.values, (a, b) => typical(a) - typical(b)),
        target: { atMost: 5 },
      },
      figure(
        '20 at once: turns',
        '/s',
        fewTogether.values.map(({ perSecond }) => perSecond),
        { atLeast: 300 },
      ),
      figure('20 at once: turn, p99', 'ms', fewTogether.values.map(slowest), { atMost: 150 }),
      figure(
        `${MANY} tools, alone: turn, to one without`,
        '×',
        pairs(manyAlone.values, fewAlone.values, (a, b) => typical(a) / typical(b)),
        { atMost: 1.05 },
      ),
      figure(
        `${MANY} tools, 20 at once: turns, to those without`,
        '×',
        pairs(manyTogether.values, fewTogether.values, (a, b) => a.perSecond / b.perSecond),
        { atLeast: 0.95 },
      ),
      figure('a message that steers: accepted to the model', 'ms', steered.values, { atMost: 10 }),
    ];
  },
};

function figure(
  name: string,
  unit: string,
  rounds: readonly number[],
  target: NonNullable<Figure['target']>,
): Figure {
  return { name, unit, rounds, target };
}

const typical = (load: Load): number => median(load.latencies);
const slowest = (load: Load): number => quantile(load.latencies, 0.99);

/** Compares what was measured in the same round. */
function pairs(
  these: readonly Load[],
  those: readonly Load[],
  compare: (a: Load, b: Load) => number,
): readonly number[] {
  return these.flatMap((load, round) => (those[round] ? [compare(load, those[round])] : []));
}
