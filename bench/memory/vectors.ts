import { join } from 'node:path';
import { createVectors } from '../../src/memory/vectors/create-vectors.ts';
import {
  type KeptModel,
  keepModel,
  markComplete,
  settleDimensions,
} from '../../src/memory/vectors/models.ts';
import { storeStatement } from '../../src/memory/vectors/rows.ts';
import {
  indexStatement,
  markIndexed,
  prepareIndex,
} from '../../src/memory/vectors/search/neighbour-index.ts';
import type { Vectors } from '../../src/memory/vectors/vectors.ts';
import { createVectorThread } from '../../src/memory/vectors/worker/thread.ts';
import { type Database, openDatabase } from '../../src/storage/index.ts';
import { MIGRATIONS } from '../../src/storage/testing/migrations-folder.ts';
import { startPostgres } from '../../src/storage/testing/postgres-server.ts';
import { type Benchmark, type Line, median } from '../harness.ts';
import { openScratch } from '../results.ts';

/** What vectors cost: making them, loading them, and finding the nearest of many. */
export const benchmark: Benchmark = {
  about: 'vectors of memory: making them, and finding the nearest 50',
  defaultRounds: 15,
  async measure({ rounds }) {
    return [...(await making(rounds)), ...(await embedded(rounds)), ...(await onPostgres(rounds))];
  },
};

const DIMENSIONS = 512;
const MODEL = { provider: 'embedded' } as const;
const WORDS =
  'quick brown fox jumps over lazy dog while seven busy engineers plan their next release and talk about coffee'.split(
    ' ',
  );

const text = (words: number, seed: number): string =>
  Array.from({ length: words }, (_, at) => WORDS[(at * 7 + seed + (at >> 3)) % WORDS.length]).join(' ');

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function timesOf(rounds: number, work: (round: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await timed(() => work(round)));
  return times;
}

async function making(rounds: number): Promise<readonly Line[]> {
  const thread = createVectorThread({ idleMs: 60_000, onEnded: () => {} });
  const embed = (texts: readonly string[]) => thread.ask({ type: 'embed', texts });
  const first = await timed(() => embed(['Hello.']));
  await timesOf(5, (round) => embed([text(40, round)]));
  const lines: Line[] = [{ name: 'embedded model: start, and the first text', unit: 'ms', rounds: [first] }];
  for (const [count, words] of [
    [1, 8],
    [1, 40],
    [1, 170],
    [8, 10],
    [8, 20],
  ] as const) {
    const times = await timesOf(rounds, (round) =>
      embed(Array.from({ length: count }, (_, n) => text(words, round * 8 + n))),
    );
    const name = `a text of ${words} words, ${count === 1 ? 'alone' : `${count} together`}`;
    lines.push({ name, unit: 'ms', rounds: times.map((ms) => ms / count) });
  }
  await thread.stop();
  return lines;
}

async function embedded(rounds: number): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (const [count, atMost] of [
    [10_000, 5],
    [100_000, 20],
  ] as const) {
    await using scratch = openScratch();
    const dataDir = join(scratch.path, 'database');
    const database = await openDatabase({ dataDir, migrationsDir: MIGRATIONS });
    await fill(database, count);
    const where = `${count.toLocaleString('en')} chunks, embedded database`;
    lines.push(...(await asking(openFor(database), rounds, where, atMost)));
    await database.close();
  }
  return lines;
}

async function onPostgres(rounds: number): Promise<readonly Line[]> {
  const count = 10_000;
  await using postgres = await startPostgres({ vectors: true });
  const where = `${count.toLocaleString('en')} chunks, pgvector`;
  if (!postgres) return [{ name: where, skipped: 'pgvector cannot be built on this machine' }];
  const url = await postgres.freshDatabase();
  const database = await openDatabase({ url, dataDir: '', migrationsDir: MIGRATIONS });
  const ms = await fill(database, count);
  const lines = await asking(openFor(database), rounds, where, 5);
  await database.close();
  return [{ name: `storing and indexing a vector, ${where}`, unit: 'ms', rounds: [ms / count] }, ...lines];
}

const openFor = (database: Database): Vectors =>
  createVectors({
    database,
    model: MODEL,
    clock: { now: () => Date.now() },
    holder: 'bench',
    llm: {},
    env: {},
    vaultNames: async () => [],
  });

/** Questions that are new, and such as were asked before: those cost the search alone. */
async function asking(
  vectors: Vectors,
  rounds: number,
  where: string,
  atMost: number,
): Promise<readonly Line[]> {
  const ask = (question: string) => vectors.nearest(question, { limit: 50, waitMs: 60_000 });
  const first = await timed(() => ask('the first question'));
  for (let round = 0; round < rounds; round++) await ask(text(7, round));
  const again = await timesOf(rounds, (round) => ask(text(7, round)));
  const fresh = await timesOf(rounds, (round) => ask(`${text(6, round)} and what came of it`));
  await vectors.rest();
  return [
    { name: `the first question after a rest, ${where}`, unit: 'ms', rounds: [first] },
    { name: `the nearest 50 of ${where}`, unit: 'ms', rounds: [median(again)], target: { atMost } },
    { name: `a new question, its vector included, ${where}`, unit: 'ms', rounds: [median(fresh)] },
  ];
}

const AT_ONCE = 500;

/** Chunks and vectors by chance, without their texts' index. Answers how long the vectors took, in milliseconds. */
async function fill(database: Database, count: number): Promise<number> {
  await database.query(
    `insert into memory_document (path, content, created_at, updated_at, indexed) values ('bench.md', '', now(), now(), false)`,
  );
  await database.query(
    `insert into memory_chunk (path, number, text, language, terms, counts, length)
     select 'bench.md', n, 'text ' || n, 'english', '{}', '{}', 0 from generate_series(1, $1::integer) as n`,
    [count],
  );
  const { rows } = await database.query<{ id: number }>('select id from memory_chunk order by id');
  const [model] = await keepModel(database, MODEL);
  if (!model) throw new Error('no model was kept');
  await settleDimensions(database, model, DIMENSIONS);
  const indexed = await prepareIndex(database, model, DIMENSIONS);
  const ms = await timed(async () => {
    for (let at = 0; at < count; at += AT_ONCE) {
      const ids = rows.slice(at, at + AT_ONCE).map(({ id }) => id);
      await store(database, model, ids, indexed);
    }
  });
  if (indexed) await markIndexed(database, model);
  await markComplete(database, model);
  return ms;
}

async function store(database: Database, model: KeptModel, ids: readonly number[], indexed: boolean) {
  const vectors = Int8Array.from({ length: ids.length * DIMENSIONS }, () => Math.random() * 254 - 127);
  const made = { ids, dimensions: DIMENSIONS, vectors };
  const bytes = storeStatement(model, made);
  await database.commit(indexed ? [bytes, indexStatement(model, made)] : [bytes]);
}
