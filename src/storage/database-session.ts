import type { Database, Queryable } from './database.ts';

/** A transaction that can also run a script of several statements, as migrations are. */
export interface Session extends Queryable {
  script(sql: string): Promise<void>;
}

/** A database before migration: what the implementations offer beyond the port. */
export interface OpenDatabase extends Database {
  transaction<T>(work: (tx: Session) => Promise<T>): Promise<T>;
}

/** A name as an SQL identifier. */
export const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
