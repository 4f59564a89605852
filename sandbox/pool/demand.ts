import type { Slot } from './slot.ts';

export interface DemandOptions {
  readonly minSlots: number;
  readonly maxSlots: number;
}

export interface Load {
  /** The slots that have not ended. */
  readonly slots: readonly Slot[];
  /** How long a slot has been computing, in milliseconds; 0 where it is not. */
  readonly computingFor: (slot: Slot) => number;
  /** Whether any call waits. */
  readonly isWaiting: boolean;
  /** How long the call that waits longest has waited; 0 where none waits. */
  readonly longestWait: number;
}

/** From here on a slot counts as lost for other calls, in milliseconds. */
export const LONG_COMPUTE_MS = 250;
/** A call that waits longer than this asks for one slot more, in milliseconds. */
const LONG_WAIT_MS = 50;

/**
 * How many slots the load asks for: the minimum, one for each that computes for long, and one more than there are
 * while a call waits, unless one is starting already; one at once where there is none. O(slots).
 */
export function slotsWanted(load: Load, { minSlots, maxSlots }: DemandOptions): number {
  const lost = load.slots.filter((slot) => load.computingFor(slot) > LONG_COMPUTE_MS).length;
  const isOneStarting = load.slots.some((slot) => slot.state() === 'starting');
  if (load.slots.length === 0 && load.isWaiting) return Math.max(1, minSlots);
  const missing = load.longestWait > LONG_WAIT_MS ? load.slots.length + (isOneStarting ? 0 : 1) : 0;
  return Math.min(maxSlots, Math.max(minSlots + lost, missing));
}
