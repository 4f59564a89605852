import type pg from 'pg';
import type { Committed, Result, Row, Statement, Value } from '../database.ts';
import type { OpenDatabase, Session } from '../database-session.ts';
import { ROLLED_BACK, SqlError } from '../sql-error.ts';
import { explain } from '../storage-trouble.ts';
import { type Written, writeAlone, writeUnit } from '../unit.ts';
import { encodeValue, type WireValue } from '../values.ts';
import { connectionConfig, createPool, withoutPassword } from './connections.ts';
import { createListener } from './listener.ts';
import { assertSupported } from './server-version.ts';
import { createStatementNames, type StatementNames } from './statement-names.ts';

export interface PostgresOptions {
  readonly url: string;
  readonly onNotice: (notice: string) => void;
}

/** Opens a PostgreSQL database through a pool of connections. Throws `storage` errors. */
export async function openPostgres({ url, onNotice }: PostgresOptions): Promise<OpenDatabase> {
  const location = withoutPassword(url);
  const config = connectionConfig(url);
  const database = createDatabase(createPool(config, onNotice), config, location);
  try {
    await assertSupported(database);
    return database;
  } catch (thrown) {
    await database.close();
    throw thrown;
  }
}

function createDatabase(pool: pg.Pool, config: pg.ClientConfig, location: string): OpenDatabase {
  const server = createServer(pool, location);
  const listener = createListener(config, location);
  const closed = Promise.withResolvers<undefined>();
  return {
    kind: 'postgres',
    inOrder: false,
    location,
    closed: closed.promise,
    query: (sql, params = []) => server.run(pool, { sql, params }),
    commit: (unit) => commit(server, unit),
    transaction: (work) => inTransaction(server, (client) => withSession(server, client, work)),
    listen: listener.listen,
    async close() {
      if (pool.ending) return;
      await listener.close();
      await pool.end();
      closed.resolve(undefined);
    },
  };
}

/** A pool, or one of its connections. */
type Executor = Pick<pg.ClientBase, 'query'>;

/** The driver's calls, with their failures put in our words. */
interface Server {
  readonly pool: pg.Pool;
  connect(): Promise<pg.PoolClient>;
  run<R extends Row>(on: Executor, statement: Statement): Promise<Result<R>>;
  /** Statements without parameters or rows; answers with the name of the last one. */
  script(on: Executor, sql: string): Promise<string>;
}

function createServer(pool: pg.Pool, location: string): Server {
  const names: StatementNames = createStatementNames();
  const fail = (thrown: unknown): never => {
    throw explain(thrown, location);
  };
  return {
    pool,
    connect: () => pool.connect().catch(fail),
    async run<R extends Row>(on: Executor, { sql, params = [] }: Statement) {
      const values = params.map(encodeValue).map(toParameter);
      const { rows, rowCount } = await on.query<R>({ ...names.of(sql), values }).catch(fail);
      return { rows, rowCount: rowCount ?? 0 };
    },
    script: async (on, sql) => (await on.query(sql).catch(fail)).command,
  };
}

function toParameter(value: WireValue): string | null | Buffer {
  return value instanceof Uint8Array ? Buffer.from(value) : value;
}

async function commit(server: Server, unit: readonly [Statement, ...Statement[]]): Promise<Committed> {
  if (unit.length === 1) return writeUnit(unit, (statement) => server.run(server.pool, statement));
  return writeAlone<Statement, Result>(unit, (work) =>
    inTransaction<Written<Result>>(server, (client) => work((statement) => server.run(client, statement))),
  );
}

async function inTransaction<T>(server: Server, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await server.connect();
  try {
    await server.script(client, 'begin');
    const value = await work(client);
    if ((await server.script(client, 'commit')) === 'ROLLBACK') throw new SqlError(ROLLED_BACK);
    client.release();
    return value;
  } catch (thrown) {
    await rollBackAndRelease(server, client);
    throw thrown;
  }
}

/** A connection that cannot even roll back is not given to anybody else. */
async function rollBackAndRelease(server: Server, client: pg.PoolClient): Promise<void> {
  const broken = await server.script(client, 'rollback').then(
    () => false,
    () => true,
  );
  client.release(broken);
}

/** The transaction in the caller's hand; of no use after `work`, since its connection then serves another. */
async function withSession<T>(
  server: Server,
  client: pg.PoolClient,
  work: (tx: Session) => Promise<T>,
): Promise<T> {
  let open = true;
  const assertOpen = (): void => {
    if (!open) throw new Error('this transaction has ended');
  };
  const session: Session = {
    async query<R extends Row>(sql: string, params: readonly Value[] = []) {
      assertOpen();
      return server.run<R>(client, { sql, params });
    },
    async script(sql) {
      assertOpen();
      await server.script(client, sql);
    },
  };
  return work(session).finally(() => {
    open = false;
  });
}
