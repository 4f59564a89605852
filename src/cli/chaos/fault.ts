import type { TreeNode } from '../../core/tree.ts';

export const FAULT_KINDS = ['crash', 'hang', 'delay'] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** What is done to an actor. */
export type Fault =
  | { readonly kind: 'crash' | 'hang' }
  | { readonly kind: 'delay'; readonly milliseconds: number };

/** The running tree that faults are put into. Rejects where it is no more. */
export interface Subject {
  tree(): Promise<TreeNode>;
  inflict(path: string, fault: Fault): Promise<Inflicted>;
}

/** `refused`: there is no such actor (any more), or it cannot suffer this; `unknown`: the answer was lost. */
export type Inflicted = 'done' | 'refused' | 'unknown';

export interface Time {
  /** Milliseconds from any fixed point. */
  now(): number;
  wait(milliseconds: number): Promise<void>;
}
