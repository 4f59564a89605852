import { IronbarkError } from '../core/errors.ts';
import type { Database, Queryable, Row, Statement, Value } from './database.ts';

/**
 * The database as the rest of the program holds it: one object for the whole life of the process, behind which
 * the connection may be lost and opened anew. A call that comes in between waits for that, within reason.
 */
export interface DatabaseGate extends Database {
  /** Opens the database; whatever was open before is closed first, since two must never share a folder. */
  open(): Promise<void>;
  isOpen(): boolean;
  /** Rejects when the open connection is lost. */
  lost(): Promise<never>;
}

/** How long a call waits for a database that is being opened again; a restart takes less than a second. */
const PATIENCE_MS = 10_000;

/** @param patienceMs how long calls wait for a database that is not open */
export function createDatabaseGate(connect: () => Promise<Database>, patienceMs = PATIENCE_MS): DatabaseGate {
  let current: Database | undefined;
  let opened = Promise.withResolvers<Database>();
  /** The opening that is under way: whoever asks for another one meanwhile waits for this one. */
  let opening: Promise<void> | undefined;

  function shut(): Database | undefined {
    const open = current;
    current = undefined;
    if (open) opened = Promise.withResolvers();
    return open;
  }

  async function reopen(): Promise<void> {
    await shut()?.close();
    current = await connect();
    opened.resolve(current);
  }

  function openOne(): Database {
    if (current) return current;
    throw notOpen();
  }

  async function usable(): Promise<Database> {
    if (current) return current;
    const patience = Promise.withResolvers<never>();
    const timer = setTimeout(() => patience.reject(notOpen()), patienceMs);
    try {
      return await Promise.race([opened.promise, patience.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    get kind() {
      return openOne().kind;
    },
    get inOrder() {
      return current?.inOrder ?? false;
    },
    get location() {
      return openOne().location;
    },
    get closed() {
      return openOne().closed;
    },
    isOpen: () => current !== undefined,
    open() {
      opening ??= reopen().finally(() => {
        opening = undefined;
      });
      return opening;
    },
    async lost() {
      const database = openOne();
      const reason = await database.closed;
      if (current === database) shut();
      throw reason ?? new Error('the database was closed');
    },
    query: async <R extends Row>(sql: string, params?: readonly Value[]) => {
      const database = current ?? (await usable());
      return database.query<R>(sql, params);
    },
    commit: async (statements: readonly [Statement, ...Statement[]]) => {
      const database = current ?? (await usable());
      return database.commit(statements);
    },
    transaction: async <T>(work: (tx: Queryable) => Promise<T>) => (await usable()).transaction(work),
    listen: async (channel, handler) => (await usable()).listen(channel, handler),
    async close() {
      await opening?.catch(() => {});
      await shut()?.close();
    },
  };
}

function notOpen(): IronbarkError {
  return new IronbarkError(
    'storage',
    'The database is not open.',
    'It is being opened again; try in a moment.',
  );
}
