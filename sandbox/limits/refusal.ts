/** What a module may not have or be. */
export type Rule =
  | 'invalid-module'
  | 'reserved-import'
  | 'memory-too-large'
  | 'table-too-large'
  | 'too-many-tables'
  | 'exception-too-large'
  | 'shared-memory'
  | 'memory64'
  | 'table64'
  | 'multiple-memories'
  | 'custom-page-size'
  | 'threads'
  | 'garbage-collection'
  | 'relaxed-simd'
  | 'unknown-instruction'
  | 'unknown-section'
  | 'unknown-encoding'
  | 'unfit-when-metered';

export interface LimitRefusal {
  readonly rule: Rule;
  /** For a person: what was wrong and where, and what to do. */
  readonly message: string;
}

/**
 * Carries a refusal out of the depths of a module to `limitModule`, which returns it as a value. A decoder that handed
 * a `Result` on after each byte would be mostly that.
 */
export class Refused extends Error {
  readonly refusal: LimitRefusal;

  constructor(rule: Rule, message: string) {
    super(message);
    this.refusal = { rule, message };
  }
}

export function refuse(rule: Rule, message: string): never {
  throw new Refused(rule, message);
}

/** A byte's or an opcode's usual spelling: `0xfd`. */
export const hex = (value: number): string => `0x${value.toString(16).padStart(2, '0')}`;
