/** Wakes somebody who waits. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, or after this time. A ring while nobody waits counts for the next. */
  rung(afterMs: number): Promise<void>;
}

export function createBell(): Bell {
  let rings = false;
  let wake = (): void => {};
  return {
    ring(): void {
      rings = true;
      wake();
    },
    async rung(afterMs: number): Promise<void> {
      if (!rings) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, afterMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      rings = false;
    },
  };
}
