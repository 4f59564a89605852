import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../src/core/clock.ts';
import { PACKAGE_ROOT } from '../src/core/package-root.ts';
import { type Database, openDatabase } from '../src/storage/index.ts';
import { type ActorJournal, createInbox, openJournal } from '../src/storage/journal/index.ts';
import { type Benchmark, type Figure, interleave, type Series, series, type Target } from './harness.ts';
import { runLoad } from './load.ts';
import { openScratch } from './results.ts';
import { openTurnWriter } from './turn-writer.ts';

/** The storage layer alone, embedded and on a real disk; beside it the disk itself. */
export const benchmark: Benchmark = {
  about: 'commits a second of the embedded database, alone and with others waiting',
  defaultRounds: 5,
  async measure({ rounds }) {
    await using scratch = openScratch();
    const file = await open(join(scratch.path, 'plain-file'), 'w');
    const database = await openIn(scratch.path, 'plain');
    try {
      const journals = await openJournals(database);
      const writes = await measureWrites(rounds, {
        disk: () => writeThrough(file),
        row: () => writeRow(database),
        step: (writer) => writeStep(journals[writer]),
      });
      return [...writes, ...(await measureReopened(rounds, scratch.path))];
    } finally {
      await database.close();
      await file.close();
    }
  },
};

function openIn(folder: string, name: string): Promise<Database> {
  return openDatabase({ dataDir: join(folder, name), migrationsDir: join(PACKAGE_ROOT, 'migrations') });
}

/** Units under way at a time in the largest crowd, each writer having one. */
const MOST = 64;
/** In one round, of all writers together. */
const COMMITS = 640;

interface Writes {
  /** Eight kilobytes, a page of the database, brought safely to the disk by a plain file. */
  readonly disk: () => Promise<unknown>;
  /** A unit of one small insert. */
  readonly row: () => Promise<unknown>;
  /** A step of an actor, as a turn has two or three of them. */
  readonly step: (writer: number) => Promise<unknown>;
}

async function measureWrites(rounds: number, writes: Writes): Promise<readonly Figure[]> {
  const disk = series(() => perSecond(1, writes.disk));
  const [row, row20, row64] = crowds(writes.row);
  const [step, step20, step64] = crowds(writes.step);
  await interleave(rounds, disk, row, row20, row64, step, step20, step64);
  return [
    { name: 'fsync of a plain file', unit: '/s', rounds: disk.values },
    rate('one row, alone', row, { atLeast: 1_000 }),
    rate('one row, 20 waiting', row20, { atLeast: 2_000 }),
    rate('one row, 64 waiting', row64, { atLeast: 2_000 }),
    ratio('one row, 64 waiting to alone', row64, row),
    ratio('one row alone to plain fsync', row, disk),
    rate('step of an actor, alone', step),
    rate('step of an actor, 20 waiting', step20),
    rate('step of an actor, 64 waiting', step64),
    ratio('step, 64 waiting to alone', step64, step),
  ];
}

type Rate = Series<number>;

function crowds(write: (writer: number) => Promise<unknown>): readonly [Rate, Rate, Rate] {
  const of = (writers: number): Rate => series(() => perSecond(writers, write));
  return [of(1), of(20), of(MOST)];
}

async function perSecond(writers: number, write: (writer: number) => Promise<unknown>): Promise<number> {
  const load = await runLoad(writers, COMMITS / writers, async (writer) => {
    const startedAt = performance.now();
    await write(writer);
    return performance.now() - startedAt;
  });
  return load.perSecond;
}

async function openJournals(database: Database): Promise<readonly ActorJournal[]> {
  return Promise.all(Array.from({ length: MOST }, (_, writer) => openActor(database, `talk-${writer}`)));
}

async function openActor(database: Database, conversationId: string): Promise<ActorJournal> {
  const key = `session/${conversationId}`;
  const input = { type: 'message', text: 'Hello.', mode: 'queue' } as const;
  const inbound = { channel: 'bench', externalId: conversationId, conversationId, input };
  const row = { inboxId: conversationId, actorKey: key, at: new Date().toISOString() };
  await createInbox(database).accept(inbound, row);
  const opened = await openJournal(database, systemClock, key, 1);
  if (!opened) throw new Error(`${key} has no row`);
  return opened.journal;
}

async function writeThrough(file: FileHandle): Promise<void> {
  await file.write(PAGE);
  await file.datasync();
}

const PAGE = Buffer.alloc(8_192, 'x');

let rows = 0;

async function writeRow(database: Database): Promise<void> {
  const { committed } = await database.commit([{ sql: INSERT, params: [++rows] }]);
  if (!committed) throw new Error('a row was not committed');
}

const INSERT = `
  insert into journal (actor_key, seq, at, type, payload)
  values ('bench', $1, now(), 'turn.replied', '{"text": "All right."}')`;

async function writeStep(journal: ActorJournal | undefined): Promise<void> {
  await journal?.commit((firstSeq) => ({
    records: [
      { type: 'model.requested', turnId: 'turn', effectId: `${journal.key}:${firstSeq}:0`, iteration: 1 },
    ],
    snapshot: { state: 'thinking' },
    intended: [
      { id: `${journal.key}:${firstSeq}:0`, kind: 'requestModel', class: 'pure', request: { iteration: 1 } },
    ],
    finished: [`${journal.key}:${firstSeq - 1}:0`],
  }));
}

function rate(name: string, { values }: Rate, target?: Target): Figure {
  return { name, unit: 'commits/s', rounds: values, ...(target && { target }) };
}

function ratio(name: string, { values }: Rate, base: Rate, target?: Target): Figure {
  const rounds = values.map((value, round) => value / (base.values[round] ?? Number.NaN));
  return { name, unit: '×', rounds, ...(target && { target }) };
}

/** Turns after which the one database is closed and opened again, when its tables are neither empty nor large. */
const EARLY_TURNS = 600;
/** Turns after that, by which a plan that was made for small tables shows. */
const LATER_TURNS = 6_000;
const TURNS_A_ROUND = 400;

/**
 * Whether a database that was opened with a little in it is as fast later on as one that was empty when it was
 * opened. PostgreSQL plans a prepared statement once, for the tables as they are then.
 */
async function measureReopened(rounds: number, folder: string): Promise<readonly Figure[]> {
  const kept = await openIn(folder, 'kept');
  const closed = await openIn(folder, 'reopened');
  await (await openTurnWriter(closed, 'early')).write(EARLY_TURNS);
  await closed.close();
  const reopened = await openIn(folder, 'reopened');
  try {
    const [fresh, aged] = [await openTurnWriter(kept, 'late'), await openTurnWriter(reopened, 'late')];
    await fresh.write(EARLY_TURNS + LATER_TURNS);
    await aged.write(LATER_TURNS);
    const keptRate = series(() => fresh.write(TURNS_A_ROUND));
    const reopenedRate = series(() => aged.write(TURNS_A_ROUND));
    await interleave(rounds, keptRate, reopenedRate);
    return [
      { name: "turns' writes, opened empty", unit: 'turns/s', rounds: keptRate.values },
      { name: "turns' writes, opened with some", unit: 'turns/s', rounds: reopenedRate.values },
      ratio('opened with some to opened empty', reopenedRate, keptRate, { atLeast: 0.8 }),
    ];
  } finally {
    await Promise.all([kept.close(), reopened.close()]);
  }
}
