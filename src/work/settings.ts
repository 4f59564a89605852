/** How much work goes on at once, and when it counts as stuck. */
export interface WorkSettings {
  /** Jobs that are worked on at once; more wait. */
  readonly maxParallel: number;
  /** The same of one user; 0: as many as at all. */
  readonly maxParallelPerUser: number;
  /** A job in which nothing happens for so long is stuck, in milliseconds. */
  readonly stuckAfterMs: number;
  /** Times that a stuck job is taken up again before it fails. */
  readonly maxRepairs: number;
  /** A call of a tool may take so long without being stuck, in milliseconds. */
  readonly toolTimeoutMs: number;
}

/** Where nothing is configured. */
export const DEFAULT_WORK: WorkSettings = {
  maxParallel: 5,
  maxParallelPerUser: 0,
  stuckAfterMs: 300_000,
  maxRepairs: 3,
  toolTimeoutMs: 900_000,
};
