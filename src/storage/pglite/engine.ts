import { fsyncSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { PGlite } from '@electric-sql/pglite';
import { coerceError } from '../../core/errors.ts';
import { type Connection, createConnection, type Listeners } from './connection.ts';
import { CREATE_PARAMETERS } from './create-parameters.ts';
import { DurableFiles, type Fsync } from './durable-files.ts';

/** A running embedded database. */
export interface Engine {
  readonly connection: Connection;
  close(): Promise<void>;
}

export interface EngineOptions extends Listeners {
  readonly dataDir: string;
  /** Told when the database has stopped for good in the middle of a call, which then never returns. */
  readonly onPanic: (reason: Error) => void;
  readonly fsync?: Fsync;
}

/** Small figures for a small program: with PostgreSQL's defaults it keeps 120 MB more in memory. */
const SETTINGS: Readonly<Record<string, string>> = {
  wal_sync_method: 'fsync',
  shared_buffers: '16MB',
  max_wal_size: '64MB',
  min_wal_size: '32MB',
};

/**
 * V8 compiles a WASM function again, optimised, once it has run this much (13 million by default). Starting up is
 * enough for hundreds of PostgreSQL's, which costs 40 MB and a second of CPU; a busy database still gets there.
 */
const TIER_UP_LATE = '--wasm-tiering-budget=1000000000';

/** PGlite's own parameters, except for `-F`, which turns fsync off. */
const START_PARAMETERS: string[] = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
];

/**
 * Opens the data directory, making a database in it where there is none. Throws where the directory is no
 * database, is damaged, or belongs to another version; the message then holds what PostgreSQL said.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  setFlagsFromString(TIER_UP_LATE);
  const lastWords = createLastWords();
  const syncs = countCalls(options.fsync ?? fsyncSync);
  const pglite = new PGlite({
    fs: new DurableFiles(options.dataDir, syncs.call),
    startParams: START_PARAMETERS,
    initDbStartParams: [...CREATE_PARAMETERS],
    onStderr: lastWords.hear,
  });
  await pglite.waitReady.catch((thrown: unknown) => {
    throw lastWords.explain(thrown);
  });
  stopOnPanic(pglite.Module, (thrown) => options.onPanic(lastWords.explain(thrown)));
  const connection = createConnection(pglite, options);
  await assertDurable(connection, syncs);
  return { connection, close: () => pglite.close() };
}

interface CountedCalls {
  readonly call: Fsync;
  readonly count: () => number;
}

function countCalls(fsync: Fsync): CountedCalls {
  let calls = 0;
  return {
    call(fd) {
      calls++;
      fsync(fd);
    },
    count: () => calls,
  };
}

/** A commit must reach the disk. Where it does not, a new version of PGlite has gone round our `fsync`. */
async function assertDurable(connection: Connection, syncs: CountedCalls): Promise<void> {
  const before = syncs.count();
  await connection.run({ sql: "select pg_logical_emit_message(true, 'ironbark', 'opened')", params: [] });
  if (syncs.count() === before)
    throw new Error('this version of PGlite does not write commits through to disk');
}

/** What PostgreSQL last wrote to its log: the only place where it says why it stopped. */
function createLastWords(): { hear(text: string): boolean; explain(thrown: unknown): Error } {
  const KEPT = 5;
  const lines: string[] = [];
  return {
    hear(text) {
      lines.push(text);
      if (lines.length > KEPT) lines.shift();
      return true;
    },
    explain(thrown) {
      const fatal = lines
        .filter((line) => /(FATAL|PANIC):/.test(line))
        .map((line) => line.replace(/^.*?: {2}/, ''));
      const cause = coerceError(thrown);
      return new Error(fatal.at(-1) ?? cause.message, { cause });
    },
  };
}

/** How PostgreSQL leaves a refused statement; anything else that comes out of it is the end. */
const STATEMENT_REFUSED = 100;

interface MainLoop {
  _PostgresMainLoopOnce: () => void;
}

/** PGlite takes a panic (disk full while writing the log, a damaged page) for a refused statement and spins for ever. */
function stopOnPanic(module: MainLoop, onPanic: (thrown: unknown) => void): void {
  const once = module._PostgresMainLoopOnce;
  module._PostgresMainLoopOnce = () => {
    try {
      once();
    } catch (thrown) {
      if (!isRefusal(thrown)) onPanic(thrown);
      throw thrown;
    }
  };
}

function isRefusal(thrown: unknown): boolean {
  return thrown instanceof Object && 'status' in thrown && thrown.status === STATEMENT_REFUSED;
}
