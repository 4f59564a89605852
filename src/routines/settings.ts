/** How much routines may do at once. */
export interface RoutineSettings {
  /** Runs under way at the same time; more wait. */
  readonly maxConcurrent: number;
  /** A start that is later than so many milliseconds is told; 0: never. */
  readonly lateAfterMs: number;
}

export const DEFAULT_ROUTINES: RoutineSettings = { maxConcurrent: 10, lateAfterMs: 60_000 };
