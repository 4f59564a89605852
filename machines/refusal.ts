/** Why something was not done: the rule that said no, and what a person or a model can make of it. */
export interface Refusal {
  /** The rule's short name, for the audit log: `host-not-allowed`, `leak`, … */
  readonly rule: string;
  /** What was wrong and what to do, without anything secret. */
  readonly message: string;
}
