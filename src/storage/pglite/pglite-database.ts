import { IronbarkError } from '../../core/errors.ts';
import type { Result, Row, Statement, Value } from '../database.ts';
import { type OpenDatabase, quoteIdentifier, type Session } from '../database-session.ts';
import { type HeldFolder, holdFolder } from '../folder-lock.ts';
import { decodeValue, encodeValue } from '../values.ts';
import type { RawResult, WireStatement } from './messages.ts';
import { startWorker, type WorkerLink } from './worker-link.ts';

export interface PgliteOptions {
  readonly dataDir: string;
  readonly template: string | undefined;
  readonly onNotice: (notice: string) => void;
}

/** Opens the embedded database in a thread of its own. Throws `storage` errors. */
export async function openPglite({ dataDir, template, onNotice }: PgliteOptions): Promise<OpenDatabase> {
  const lock = await holdDataDir(dataDir);
  const handlers: Handlers = new Map();
  const onNotified = (channel: string, payload: string): void =>
    handlers.get(channel)?.forEach((handler) => {
      handler(payload);
    });
  try {
    const link = await startWorker({ dataDir, template }, { onNotified, onNotice });
    return createDatabase(link, handlers, dataDir, lock);
  } catch (thrown) {
    await lock.release();
    throw thrown;
  }
}

/** PGlite has no lock of its own: of two programs on one folder, each would write over the other's rows. */
async function holdDataDir(dataDir: string): Promise<HeldFolder> {
  const lock = await holdFolder(dataDir, () => ({ pid: process.pid }));
  if (lock.held) return lock;
  throw new IronbarkError(
    'storage',
    `The database at ${dataDir} is in use by another program.`,
    'Stop the other one, or use another home (--home).',
  );
}

type Handlers = Map<string, Set<(payload: string) => void>>;

function createDatabase(
  link: WorkerLink,
  handlers: Handlers,
  dataDir: string,
  lock: HeldFolder,
): OpenDatabase {
  // Whoever waits for the end wants to open the folder again, so it must be free by then.
  const closed = link.ended.then(async (reason) => {
    await lock.release();
    return reason;
  });
  return {
    kind: 'pglite',
    inOrder: true,
    location: dataDir,
    closed,
    query: (sql, params = []) => query(link, { sql, params }),
    async commit([first, ...rest]) {
      const unit = [toWire(first), ...rest.map(toWire)] as const;
      const { committed, results } = await link.ask((id) => ({ type: 'commit', id, unit }));
      return { committed, results: results.map((result) => decodeResult(result)) };
    },
    transaction: (work) => transaction(link, work),
    listen: (channel, handler) => listen(link, handlers, channel, handler),
    async close() {
      await link.close();
      await closed;
    },
  };
}

async function query<R extends Row>(
  link: WorkerLink,
  statement: Statement,
  transaction?: number,
): Promise<Result<R>> {
  const owner = transaction === undefined ? {} : { transaction };
  const { results } = await link.ask((id) => ({ type: 'query', id, statement: toWire(statement), ...owner }));
  return decodeResult<R>(results[0]);
}

async function transaction<T>(link: WorkerLink, work: (tx: Session) => Promise<T>): Promise<T> {
  const { id: transaction } = await link.ask((id) => ({ type: 'begin', id }));
  const end = (keep: boolean): Promise<unknown> => link.ask((id) => ({ type: 'end', id, transaction, keep }));
  let value: T;
  try {
    value = await withSession(link, transaction, work);
  } catch (thrown) {
    await end(false);
    throw thrown;
  }
  await end(true);
  return value;
}

/** The transaction in the caller's hand; of no use after `work`. */
async function withSession<T>(
  link: WorkerLink,
  transaction: number,
  work: (tx: Session) => Promise<T>,
): Promise<T> {
  let open = true;
  const assertOpen = (): void => {
    if (!open) throw new Error('this transaction has ended');
  };
  const session: Session = {
    async query<R extends Row>(sql: string, params: readonly Value[] = []) {
      assertOpen();
      return query<R>(link, { sql, params }, transaction);
    },
    async script(sql) {
      assertOpen();
      await link.ask((id) => ({ type: 'script', id, sql, transaction }));
    },
  };
  return work(session).finally(() => {
    open = false;
  });
}

async function listen(
  link: WorkerLink,
  handlers: Handlers,
  channel: string,
  handler: (payload: string) => void,
): Promise<() => Promise<void>> {
  const known = handlers.get(channel) ?? new Set();
  handlers.set(channel, known.add(handler));
  await query(link, { sql: `listen ${quoteIdentifier(channel)}` });
  return async () => {
    known.delete(handler);
    if (known.size > 0 || !handlers.delete(channel)) return;
    await query(link, { sql: `unlisten ${quoteIdentifier(channel)}` });
  };
}

function toWire({ sql, params = [] }: Statement): WireStatement {
  return { sql, params: params.map(encodeValue) };
}

const NO_RESULT: RawResult = { columns: [], rows: [], rowCount: 0, tag: '' };

function decodeResult<R extends Row>({ columns, rows, rowCount }: RawResult = NO_RESULT): Result<R> {
  const decodeRow = (values: readonly (string | null)[]): Row =>
    Object.fromEntries(
      columns.map(({ name, type }, place) => [name, decodeValue(type, values[place] ?? null)]),
    );
  return { rows: rows.map((row) => asRow<R>(decodeRow(row))), rowCount };
}

/** The type of a row is the caller's word for what the statement selects; nothing here could check it. */
function asRow<R extends Row>(row: Row): R {
  return row as R;
}
