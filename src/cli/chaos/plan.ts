import { randomInt } from 'node:crypto';
import { IronbarkError } from '../../core/errors.ts';
import type { Plan } from './campaign.ts';
import { FAULT_KINDS, type FaultKind } from './fault.ts';

/** What stands on the command line, as it stands there. */
export interface ChaosFlags {
  readonly faults: string;
  readonly rate: string;
  readonly seed?: string;
  readonly kinds: string;
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  readonly merciless?: boolean;
  readonly scripted?: boolean;
}

/** Throws an IronbarkError `usage` for what cannot be meant. Without a seed one is drawn. */
export function planOf(flags: ChaosFlags): Plan {
  return {
    faults: wholeNumber('--faults', flags.faults, 1, 1_000_000),
    rate: rateOf(flags.rate),
    seed: flags.seed === undefined ? randomInt(MAX_SEED) : wholeNumber('--seed', flags.seed, 0, MAX_SEED),
    kinds: flags.kinds.split(',').map(kindOf),
    paths: { only: flags.only ?? [], except: flags.except ?? [] },
    merciless: flags.merciless === true,
  };
}

/** The command line that makes the same plan. */
export function commandOf({ faults, rate, seed, kinds, paths, merciless }: Plan, scripted: boolean): string {
  return [
    'ironbark chaos',
    ...(scripted ? ['--scripted'] : []),
    `--faults ${faults} --rate ${rate} --seed ${seed} --kinds ${kinds.join(',')}`,
    ...paths.only.map((glob) => `--only ${quoted(glob)}`),
    ...paths.except.map((glob) => `--except ${quoted(glob)}`),
    ...(merciless ? ['--merciless'] : []),
  ].join(' ');
}

/** As a shell reads it back. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

const MAX_SEED = 2 ** 32 - 1;
const MAX_RATE = 1_000;

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new IronbarkError('usage', `${flag} must be a whole number from ${least} to ${most}, not "${text}".`);
}

function rateOf(text: string): number {
  const rate = Number(text);
  if (rate > 0 && rate <= MAX_RATE) return rate;
  throw new IronbarkError(
    'usage',
    `--rate must be a number of faults a second, above 0 and at most ${MAX_RATE}, not "${text}".`,
  );
}

function kindOf(text: string): FaultKind {
  const kind = FAULT_KINDS.find((known) => known === text.trim());
  if (kind) return kind;
  throw new IronbarkError(
    'usage',
    `There is no fault "${text}".`,
    `Those there are: ${FAULT_KINDS.join(', ')}`,
  );
}
