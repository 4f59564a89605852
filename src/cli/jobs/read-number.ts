import { IronbarkError } from '../../core/errors.ts';

/** A count from the command line, cut to the most that makes sense. */
export function countOf(given: string, most: number, flag = '--limit'): number {
  const count = Number(given);
  if (Number.isInteger(count) && count >= 1) return Math.min(count, most);
  throw new IronbarkError('usage', `${flag} is a number from 1 to ${most}, not "${given}".`);
}

export function amountOf(given: string, flag: string): number {
  const amount = Number(given);
  if (Number.isFinite(amount) && amount > 0) return amount;
  throw new IronbarkError('usage', `${flag} is a number above 0, not "${given}".`);
}
