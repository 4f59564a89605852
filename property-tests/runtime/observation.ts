/** What a model and a real tree are compared by, after each command. */
export interface Observation {
  /** What workers told of themselves, in order. */
  readonly lives: readonly string[];
  /** Supervisor reports, crash reports and dead letters, in order. */
  readonly reports: readonly string[];
  /** What calls were answered with, in order. */
  readonly answers: readonly string[];
  /** Undefined where there is none. */
  readonly pool: SupervisorView | undefined;
  /** The worker's life, as `a 3`, that each registered name leads to. */
  readonly names: Readonly<Record<string, string>>;
}

export interface SupervisorView {
  readonly incarnation: number;
  /** In start order. */
  readonly children: readonly ChildView[];
  readonly counts: readonly [specs: number, active: number, supervisors: number, workers: number];
}

export interface ChildView {
  readonly id: string;
  readonly state: 'restarting' | 'stopped' | number | SupervisorView;
}
