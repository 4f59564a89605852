import { availableParallelism, loadavg } from 'node:os';
import { type Benchmark, type Figure, interleave, type Line, meetsTarget, series } from './harness.ts';
import type { ArmName } from './runtime/arms.ts';
import { type ArmFigure, type Contest, holdContest } from './runtime/contest.ts';
import { measureErlang } from './runtime/erlang.ts';
import { startArm } from './runtime/process.ts';

/**
 * The supervision runtime beside bare XState, other actor libraries and, where it is installed, Erlang: all take
 * turns, each in a process of its own. Of a figure that misses its target it is said where the time or the memory
 * goes.
 */
export const benchmark: Benchmark = {
  about: 'the supervision runtime, bare XState and other actor libraries, each in a process of its own',
  defaultRounds: 5,
  async measure({ rounds, nodeFlags }) {
    const quick = { rounds, warmUps: 1, nodeFlags };
    const long = { rounds: Math.min(rounds, FEW_ROUNDS), warmUps: 0, nodeFlags };
    const figures = [
      ...rallies(await holdContest(RALLIES, quick)),
      ...turnovers(await holdContest(TURNOVERS, quick)),
      ...scales(await holdContest([SCALE], long)),
      ...ends(await holdContest([TIMERS, CRASH], quick)),
      ...memories(await holdContest(MEMORIES, long)),
    ];
    noteLoad();
    await explainMisses(figures);
    return [...figures, ...(await erlang(long.rounds))];
  },
};

/** For what creates so many actors that it takes seconds. */
const FEW_ROUNDS = 2;

const BARE = 'rally: XState machines';
const OURS = 'rally: supervised machines';
const RALLIES: readonly ArmName[] = [
  // Those that are compared with each other stand together: the machine is not as fast from one moment to the next.
  BARE,
  OURS,
  'rally: watched',
  'rally: no longer watched',
  'rally: supervised fromTransition',
  'rally: supervised logic',
  'rally: XState logic',
  'rally: nact',
  'rally: comedy',
  'rally: effect',
];

/** Two actors send each other a message to and fro. */
function rallies({ figure, ratio }: Contest): readonly ArmFigure[] {
  return [
    ...RALLIES.map((arm) => figure(arm, 'perSecond', 'msgs/s')),
    ratio(OURS, BARE, 'supervised machines to bare ones', { atLeast: 1 }),
    ratio('rally: supervised fromTransition', BARE, 'supervised fromTransition to bare machines', {
      atLeast: 5,
    }),
    ratio('rally: supervised logic', BARE, 'supervised logic to bare machines', { atLeast: 5 }),
    ratio('rally: no longer watched', OURS, 'no longer watched to never watched', { atLeast: 0.8 }),
    ratio('rally: watched', OURS, 'watched to never watched', { atLeast: 0.4 }),
    ratio('rally: watched', BARE, 'watched to bare machines, not watched'),
    ratio('rally: XState logic', BARE, 'bare logic to bare machines'),
    ratio('rally: nact', BARE, 'nact to bare machines'),
    ratio('rally: comedy', BARE, 'comedy to bare machines'),
    ratio('rally: effect', BARE, 'effect to bare machines'),
  ];
}

const POOL = 'turnover: supervised machine';
const TURNOVERS: readonly ArmName[] = [
  POOL,
  'turnover: XState machine',
  'turnover: nact',
  'turnover: comedy',
  'turnover: effect',
];

/** One actor comes and goes beside 10,000 siblings. */
function turnovers({ figure }: Contest): readonly ArmFigure[] {
  return TURNOVERS.map((arm) =>
    figure(arm, 'perSecond', 'starts+stops/s', arm === POOL ? { atLeast: 30_000 } : undefined),
  );
}

const SCALE = 'scale: static children';

function scales({ figure }: Contest): readonly ArmFigure[] {
  const limit = { atMost: 10 };
  return [
    figure(SCALE, 'startMs', 'ms', undefined, 'start of 100,000 static children'),
    figure(SCALE, 'start', '×', limit, 'start of each, to one of 1,000'),
    figure(SCALE, 'stopMs', 'ms', undefined, 'stop of 100,000 static children'),
    figure(SCALE, 'stop', '×', limit, 'stop of each, to one of 1,000'),
  ];
}

const TIMERS = 'stop: actors with a timer';
const CRASH = 'crash: supervised machine';

function ends({ figure }: Contest): readonly ArmFigure[] {
  return [
    figure(TIMERS, 'seconds', 's', { atMost: 0.3 }, 'stop of 10,000 actors with a timer'),
    figure(TIMERS, 'longestBlockMs', 'ms', { atMost: 50 }, 'longest block of the event loop meanwhile'),
    figure(CRASH, 'p50', 'ms', { atMost: 1 }, 'from crash to restarted, p50'),
    figure(CRASH, 'p99', 'ms', undefined, 'from crash to restarted, p99'),
  ];
}

const IDLE = 'memory: supervised machine';
const MEMORIES: readonly ArmName[] = [
  IDLE,
  'memory: XState machine',
  'memory: nact',
  'memory: comedy',
  'memory: effect',
];

/** Heap of one idle actor among 100,000. */
function memories({ figure }: Contest): readonly ArmFigure[] {
  return MEMORIES.map((arm) =>
    figure(arm, 'bytes', 'bytes', arm === IDLE ? { atMost: 3_000 } : undefined, `${arm}, idle`),
  );
}

async function erlang(rounds: number): Promise<readonly Line[]> {
  if (!(await measureErlang())) return [{ name: 'Erlang/OTP', skipped: 'no escript on the PATH' }];
  const otp = series(measureErlang);
  await interleave(rounds, otp);
  const figure = (name: string, value: string, unit: string): Figure => ({
    name: `Erlang/OTP ${name}`,
    unit,
    rounds: otp.values.map((measured) => measured?.[value] ?? Number.NaN),
  });
  return [
    figure('rally: gen_servers', 'rally', 'msgs/s'),
    figure('turnover: gen_server', 'turnover', 'starts+stops/s'),
    figure('memory: gen_server, idle', 'bytes', 'bytes'),
    figure('from crash to restarted, p50', 'crash_ms', 'ms'),
  ];
}

/** A machine that is busy with other things misses targets too: every arm here keeps one core busy, and no more. */
function noteLoad(): void {
  const [load = 0] = loadavg();
  const cores = availableParallelism();
  if (load > cores)
    console.log(`The load was ${load.toFixed(1)} on ${cores} cores: the figures are too low.\n`);
}

/** Profiles, once more and on their own, the arms that stay behind. */
async function explainMisses(figures: readonly ArmFigure[]): Promise<void> {
  const missed = new Set(figures.filter((figure) => !meetsTarget(figure)).map(({ arm }) => arm));
  for (const arm of missed) {
    await using process = startArm(arm, []);
    console.log(`"${arm}" misses a target. Where its time or memory goes:`);
    for (const { place, share } of await process.explain())
      console.log(`${(100 * share).toFixed(1).padStart(7)} %  ${place}`);
    console.log();
  }
}
