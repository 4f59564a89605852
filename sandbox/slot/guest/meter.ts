import type { WasmGlobal } from './web-assembly.ts';

/** The fuel of one call, shared by all core modules of its component. */
export interface Meter {
  /** Takes fuel for work that the slot does on behalf of the guest. The guest traps at its next check if none is left. */
  readonly charge: (units: number) => void;
  readonly isSpent: () => boolean;
  readonly used: () => number;
}

/**
 * What any import costs the guest, in units of fuel, lest it spend our time for free. A call through the glue takes
 * 1-3 microseconds, an instruction about 1-2 nanoseconds.
 */
export const CALL_COST = 1_000;

export function createMeter(fuel: WasmGlobal, budget: number): Meter {
  return {
    charge: (units) => {
      fuel.value -= BigInt(Math.ceil(units));
    },
    isSpent: () => fuel.value < 0n,
    used: () => Math.min(budget, Number(BigInt(budget) - fuel.value)),
  };
}
