/**
 * The one port through which everything reaches the database. Two implementations stand behind it: PGlite
 * (embedded, in a worker thread) and PostgreSQL. SQL is PostgreSQL 15's dialect on both.
 *
 * Values: JSON goes in as text and is cast in the statement (`$1::text::jsonb`); it comes out parsed.
 * `bigint` comes out as a number, `timestamptz` as a Date, `bytea` as a Uint8Array, arrays of these as arrays. Other
 * types (`numeric`, `date`, `timestamp`, ...) come out as the text PostgreSQL writes.
 *
 * Errors: a statement that was refused rejects with `SqlError` (SQLSTATE in `code`); trouble with the server, the
 * disk or the folder with an `IronbarkError` of kind `storage`. A `commit` that rejects with the latter may or may
 * not have happened.
 */
export interface Database extends Queryable {
  readonly kind: 'pglite' | 'postgres';
  /**
   * Commits are written in the order in which they were asked for, also where nobody waits for one before asking for
   * the next. False where it is not open.
   */
  readonly inOrder: boolean;
  /** For people: where the data is, without any password. */
  readonly location: string;
  /**
   * Runs the statements atomically and resolves when they are safely on disk. Where the first statement touches
   * or returns no row, it is a guard that failed: nothing of the unit is kept and `committed` is false. (A unit of
   * one statement is as atomic as that statement: what a `with` in it wrote stays, unless it hangs on the guard.)
   * Units that wait while one is being written are written together (group commit), each still on its own: one
   * that fails or throws does not disturb the others.
   */
  commit(statements: readonly [Statement, ...Statement[]]): Promise<Committed>;
  /** An interactive transaction; rolled back when `work` throws. Prefer `commit` on hot paths. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** Calls `handler` for each NOTIFY on the channel. Resolves to the function that stops it. */
  listen(channel: string, handler: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
  /** Resolves when it can no longer be used: undefined after `close`, else why. */
  readonly closed: Promise<Error | undefined>;
}

export interface Queryable {
  query<R extends Row = Row>(sql: string, params?: readonly Value[]): Promise<Result<R>>;
}

export interface Statement {
  readonly sql: string;
  readonly params?: readonly Value[];
}

export type Value =
  | null
  | boolean
  | number
  | string
  | Date
  | Uint8Array
  | readonly string[]
  | readonly number[];

export type Row = Record<string, unknown>;

export interface Result<R extends Row = Row> {
  readonly rows: R[];
  /** Rows returned, or rows touched where the statement returns none. */
  readonly rowCount: number;
}

export interface Committed {
  readonly committed: boolean;
  /** One per statement; empty where not committed. */
  readonly results: readonly Result[];
}
