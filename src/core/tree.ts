/** One actor of the live supervision tree, as shown by `tree` and the inspector. */
export interface TreeNode {
  /** The id among its siblings, for example `session`. */
  readonly id: string;
  /** Unique in the tree: the ids from the root joined by `/`. */
  readonly path: string;
  readonly kind: 'supervisor' | 'worker';
  /** `running`, `starting`, `restarting`, `stopped`, or the statechart's state, for example `awaitingApproval`. */
  readonly state: string;
  /** Which life this is, from 1; each restart adds one. */
  readonly incarnation: number;
  readonly restarts: number;
  /** Messages waiting in the mailbox. */
  readonly mailbox: number;
  /** Milliseconds that this incarnation has lived; absent where none is alive. */
  readonly ageMs?: number;
  /** For supervisors, for example `one_for_one 3/5s`. */
  readonly strategy?: string;
  /** For supervisors: restarts within the present period, of those allowed. */
  readonly intensity?: { readonly used: number; readonly allowed: number };
  readonly lastExit?: string;
  readonly children: readonly TreeNode[];
}
