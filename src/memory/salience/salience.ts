/** What is known of a passage that may or may not be worth keeping. */
export interface Standing {
  /** From 0 to 1, see `importanceOf`. */
  readonly importance: number;
  /** How often it was put before a model. */
  readonly uses: number;
  /** Days since it was written or last used, whichever is later. */
  readonly idleDays: number;
}

/** Days in which a fact that nobody uses loses half of its weight. */
export const FACT_HALF_LIFE_DAYS = 30;

/**
 * A digest stands for a whole month: one that nobody uses falls below the floor after about two years.
 */
export const DIGEST_HALF_LIFE_DAYS = 180;

/** Each use makes the half-life so much longer: what was needed again and again is needed again. */
const LENGTHENING = 1.7;
/** With eight uses the half-life of a fact is 5.7 years; more make no difference. */
const MOST_LENGTHENINGS = 8;
/** What doubling the uses adds. */
const WEIGHT_OF_USE = 0.2;

/**
 * How much a passage is worth keeping:
 *
 *     importance x 2^(-idle days / (half-life x 1.7^min(uses, 8))) x (1 + 0.2 x log2(1 + uses))
 *
 * Never more than 1 for what was never used. The decay is that of memory experiments (Ebbinghaus), the lengthening
 * that of spaced repetition (SM-2 begins with factors from 1.3 to 2.5); the numbers themselves are set by hand.
 */
export function salience(
  { importance, uses, idleDays }: Standing,
  halfLifeDays: number = FACT_HALF_LIFE_DAYS,
): number {
  const life = halfLifeDays * LENGTHENING ** Math.min(uses, MOST_LENGTHENINGS);
  const left = 2 ** (-Math.max(0, idleDays) / life);
  return importance * left * (1 + WEIGHT_OF_USE * Math.log2(1 + uses));
}
