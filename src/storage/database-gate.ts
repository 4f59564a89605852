import { IronbarkError } from '../core/errors.ts';
import type { Database, Queryable, Row, Statement, Value } from './database.ts';

/**
 * The database as the rest of the program holds it: one object for the whole life of the process, behind which
 * the connection may be lost and opened anew. While there is none, every call is refused with a `storage` error.
 */
export interface DatabaseGate extends Database {
  /** Opens the database; whatever was open before is closed first, since two must never share a folder. */
  open(): Promise<void>;
  isOpen(): boolean;
  /** Rejects when the open connection is lost. */
  lost(): Promise<never>;
}

export function createDatabaseGate(connect: () => Promise<Database>): DatabaseGate {
  let current: Database | undefined;

  function usable(): Database {
    if (current) return current;
    throw new IronbarkError(
      'storage',
      'The database is not open.',
      'It is being opened again; try in a moment.',
    );
  }

  async function close(): Promise<void> {
    const open = current;
    current = undefined;
    await open?.close();
  }

  return {
    get kind() {
      return usable().kind;
    },
    get location() {
      return usable().location;
    },
    get closed() {
      return usable().closed;
    },
    isOpen: () => current !== undefined,
    async open() {
      await close();
      current = await connect();
    },
    async lost() {
      const database = usable();
      const reason = await database.closed;
      if (current === database) current = undefined;
      throw reason ?? new Error('the database was closed');
    },
    query: async <R extends Row>(sql: string, params?: readonly Value[]) => usable().query<R>(sql, params),
    commit: async (statements: readonly [Statement, ...Statement[]]) => usable().commit(statements),
    transaction: async <T>(work: (tx: Queryable) => Promise<T>) => usable().transaction(work),
    listen: async (channel, handler) => usable().listen(channel, handler),
    close,
  };
}
