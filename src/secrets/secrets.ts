import type { Secret } from './secret.ts';

/** Where secrets come from. Names are lower case: letters, digits, `_`, `-` and `.`. */
export interface Secrets {
  /** Without reading the value. */
  has(name: string): Promise<boolean>;
  /** Undefined where there is none. Rejects with an `IronbarkError` where there is one that may not be used. */
  get(name: string): Promise<Secret | undefined>;
  /** Those that are set, in alphabetical order. */
  names(): Promise<readonly string[]>;
}
