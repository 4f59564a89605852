import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../src/core/clock.ts';
import { PACKAGE_ROOT } from '../src/core/package-root.ts';
import { type Database, openDatabase } from '../src/storage/index.ts';
import { type ActorJournal, acceptInput, openJournal } from '../src/storage/journal/index.ts';
import { type Benchmark, type Figure, interleave, type Target } from './harness.ts';
import { runLoad } from './load.ts';
import { openScratch } from './results.ts';

/** The storage layer alone, embedded and on a real disk; beside it the disk itself. */
export const benchmark: Benchmark = {
  about: 'commits a second of the embedded database, alone and with others waiting',
  defaultRounds: 5,
  async measure({ rounds }) {
    await using scratch = openScratch();
    const file = await open(join(scratch.path, 'plain-file'), 'w');
    const database = await openDatabase({
      dataDir: join(scratch.path, 'database'),
      migrationsDir: join(PACKAGE_ROOT, 'migrations'),
    });
    try {
      const journals = await openJournals(database);
      return await measureWrites(rounds, {
        disk: () => writeThrough(file),
        row: () => writeRow(database),
        step: (writer) => writeStep(journals[writer]),
      });
    } finally {
      await database.close();
      await file.close();
    }
  },
};

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

async function measureWrites(rounds: number, { disk, row, step }: Writes): Promise<readonly Figure[]> {
  const results = await interleave(rounds, {
    disk: () => perSecond(1, disk),
    'row/1': () => perSecond(1, row),
    'row/20': () => perSecond(20, row),
    'row/64': () => perSecond(64, row),
    'step/1': () => perSecond(1, step),
    'step/20': () => perSecond(20, step),
    'step/64': () => perSecond(64, step),
  });
  const of = (name: Parameters<typeof results.get>[0]) => results.get(name) ?? [];
  return [
    { name: 'fsync of a plain file', unit: '/s', rounds: of('disk') },
    rate('one row, alone', of('row/1'), { atLeast: 1_000 }),
    rate('one row, 20 waiting', of('row/20'), { atLeast: 2_000 }),
    rate('one row, 64 waiting', of('row/64'), { atLeast: 2_000 }),
    ratio('one row, 64 waiting to alone', of('row/64'), of('row/1')),
    ratio('one row alone to plain fsync', of('row/1'), of('disk')),
    rate('step of an actor, alone', of('step/1')),
    rate('step of an actor, 20 waiting', of('step/20')),
    rate('step of an actor, 64 waiting', of('step/64')),
    ratio('step, 64 waiting to alone', of('step/64'), of('step/1')),
  ];
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
  await acceptInput(database, inbound, {
    inboxId: conversationId,
    actorKey: key,
    at: new Date().toISOString(),
  });
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

function rate(name: string, rounds: readonly number[], target?: Target): Figure {
  return { name, unit: 'commits/s', rounds, ...(target && { target }) };
}

function ratio(name: string, rounds: readonly number[], base: readonly number[]): Figure {
  return { name, unit: '×', rounds: rounds.map((value, round) => value / (base[round] ?? Number.NaN)) };
}
