import type { SqlTrouble } from '../sql-error.ts';
import type { Column, WireValue } from '../values.ts';

/** What the two threads say to each other. */

export interface WireStatement {
  readonly sql: string;
  readonly params: readonly WireValue[];
}

export type Unit = readonly [WireStatement, ...WireStatement[]];

/** Rows as text: they are decoded where they are used, which is cheaper than cloning the decoded values. */
export interface RawResult {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly rowCount: number;
  /** What PostgreSQL calls it, for example `INSERT 0 1`. */
  readonly tag: string;
}

/** `transaction` is the id of the `begin` it belongs to. */
export type Job =
  | { readonly type: 'commit'; readonly id: number; readonly unit: Unit }
  | {
      readonly type: 'query';
      readonly id: number;
      readonly statement: WireStatement;
      readonly transaction?: number;
    }
  | { readonly type: 'script'; readonly id: number; readonly sql: string; readonly transaction: number }
  | { readonly type: 'begin'; readonly id: number }
  | { readonly type: 'end'; readonly id: number; readonly transaction: number; readonly keep: boolean }
  | { readonly type: 'close'; readonly id: number };

export type CommitJob = Extract<Job, { type: 'commit' }>;

export type Answer =
  | {
      readonly id: number;
      readonly ok: true;
      readonly committed: boolean;
      readonly results: readonly RawResult[];
    }
  | { readonly id: number; readonly ok: false; readonly trouble: SqlTrouble };

export type Report =
  | { readonly type: 'opened' }
  | { readonly type: 'answers'; readonly answers: readonly Answer[] }
  | { readonly type: 'notified'; readonly channel: string; readonly payload: string }
  | { readonly type: 'notice'; readonly text: string }
  /** The last word of a worker that cannot go on. */
  | { readonly type: 'failed'; readonly trouble: SqlTrouble };

export interface WorkerInput {
  readonly dataDir: string;
  /** A template to start a new data directory from; without one it is made from nothing. */
  readonly template: string | undefined;
}
