/** Between the two threads of the counter. */
export interface CountJob {
  readonly id: number;
  readonly texts: readonly string[];
}

export interface CountAnswer {
  readonly id: number;
  /** Of each text, in the order of the job. */
  readonly counts: readonly number[];
}
