import type { Figure, Target } from '../harness.ts';
import type { Measured } from './arm.ts';
import type { ArmName } from './arms.ts';
import { startArm } from './process.ts';

/** A figure, and the arm to look into where it misses its target. */
export interface ArmFigure extends Figure {
  readonly arm: ArmName;
}

/** What the arms of one contest measured, each once a round. */
export interface Contest {
  /** @param value which of the values that the arm measures */
  figure(arm: ArmName, value: string, unit: string, target?: Target, name?: string): ArmFigure;
  /** How many times as much an arm does in a second as another did in the same round. */
  ratio(arm: ArmName, base: ArmName, name: string, target?: Target): ArmFigure;
}

export interface ContestOptions {
  readonly rounds: number;
  /** How often an arm is measured for nothing before each round, until its code is compiled. */
  readonly warmUps: number;
  readonly nodeFlags: readonly string[];
}

/** Measures all of these arms in turn, round after round. */
export async function holdContest(arms: readonly ArmName[], options: ContestOptions): Promise<Contest> {
  const rounds: ReadonlyMap<ArmName, Measured>[] = [];
  for (let round = 0; round < options.rounds; round++) rounds.push(await measureRound(arms, options));
  const valuesOf = (arm: ArmName, value: string): readonly number[] =>
    rounds.map((measured) => measured.get(arm)?.[value] ?? Number.NaN);

  return {
    figure: (arm, value, unit, target, name = arm) => ({
      name,
      unit,
      rounds: valuesOf(arm, value),
      arm,
      ...(target && { target }),
    }),
    ratio(arm, base, name, target) {
      const bases = valuesOf(base, 'perSecond');
      const ratios = valuesOf(arm, 'perSecond').map((rate, round) => rate / (bases[round] ?? Number.NaN));
      return { name, unit: '×', rounds: ratios, arm, ...(target && { target }) };
    },
  };
}

async function measureRound(
  arms: readonly ArmName[],
  options: ContestOptions,
): Promise<ReadonlyMap<ArmName, Measured>> {
  const measured = new Map<ArmName, Measured>();
  for (const arm of arms) measured.set(arm, await measureAfresh(arm, options));
  return measured;
}

/** In a new process each time: how the same code is compiled differs from process to process, by a fifth and more. */
async function measureAfresh(arm: ArmName, { warmUps, nodeFlags }: ContestOptions): Promise<Measured> {
  await using process = startArm(arm, nodeFlags);
  for (let time = 0; time < warmUps; time++) await process.measure();
  return await process.measure();
}
