/** When a tool from outside counts as broken, and what is done about it. */
export interface RepairSettings {
  readonly enabled: boolean;
  /** Failures in a row. */
  readonly afterFailures: number;
  /** Repairs of one tool after which it is left alone. */
  readonly maxAttempts: number;
}
