/** What the server said about a statement it refused, in a form that can be sent between threads. */
export interface SqlTrouble {
  readonly message: string;
  /** SQLSTATE, for example `23505` for a unique violation. */
  readonly code?: string | undefined;
  readonly detail?: string | undefined;
  readonly constraint?: string | undefined;
}

/** A statement that the database refused. The database itself is well. */
export class SqlError extends Error {
  readonly code: string | undefined;
  readonly detail: string | undefined;
  readonly constraint: string | undefined;

  constructor(trouble: SqlTrouble, options?: ErrorOptions) {
    super(trouble.message, options);
    this.name = 'SqlError';
    this.code = trouble.code;
    this.detail = trouble.detail;
    this.constraint = trouble.constraint;
  }
}

/** `COMMIT` of a transaction in which a statement had failed; PostgreSQL answers it with a rollback. */
export const ROLLED_BACK: SqlTrouble = {
  code: '25P02',
  message: 'the transaction was rolled back because one of its statements had failed',
};
