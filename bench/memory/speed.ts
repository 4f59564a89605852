import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import { PACKAGE_ROOT } from '../../src/core/package-root.ts';
import { createMemory } from '../../src/memory/index.ts';
import { textCandidates } from '../../src/memory/search/text.ts';
import { openVectors } from '../../src/memory/vectors/testing/open-vectors.ts';
import { type Database, openDatabase } from '../../src/storage/index.ts';
import { type Figure, type Line, quantile, type Target } from '../harness.ts';
import { runLoad } from '../load.ts';
import { openScratch } from '../results.ts';
import { storeNearVectors } from './near-vectors.ts';

/** How many documents are written at a time, as an import does. */
const WRITERS = 64;
const QUERIES = 60;

/** What the index costs on the embedded database: writing that many chunks, and queries over them. */
export async function measureSpeed(chunks: number): Promise<readonly Line[]> {
  await using filled = await openFilledDatabase(chunks);
  return [
    ...filled.figures,
    ...(await measureQueries(filled.database, chunks)),
    ...(await measureQuestions(filled.database, chunks)),
  ];
}

interface FilledDatabase extends AsyncDisposable {
  readonly database: Database;
  /** How fast it was filled. */
  readonly figures: readonly Figure[];
}

/**
 * An embedded database on the disk with documents of one chunk each, and vacuumed as it would be in an idle minute.
 * Their words are made up and as unevenly frequent as those of a language; the same in each run.
 */
export async function openFilledDatabase(chunks: number): Promise<FilledDatabase> {
  const scratch = openScratch();
  const database = await openDatabase({
    dataDir: join(scratch.path, 'database'),
    migrationsDir: join(PACKAGE_ROOT, 'migrations'),
  });
  const figures = await fill(database, chunks);
  for (const table of ['memory_posting', 'memory_chunk']) await database.query(`vacuum (analyze) ${table}`);
  return {
    database,
    figures,
    async [Symbol.asyncDispose]() {
      await database.close();
      await scratch[Symbol.asyncDispose]();
    },
  };
}

async function fill(database: Database, chunks: number): Promise<readonly Figure[]> {
  const memory = createMemory(database, systemClock);
  const random = randomFrom(1);
  let written = 0;
  const cpu = process.cpuUsage();
  const load = await runLoad(WRITERS, Math.ceil(chunks / WRITERS), async () => {
    const path = `notes/f${written % 50}/n${written++}.md`;
    const startedAt = performance.now();
    await database.commit(memory.writeStatements(path, sentences(random), { append: false }));
    return performance.now() - startedAt;
  });
  return [
    figure('chunks written', 'chunks/s', load.perSecond, { atLeast: 150 }),
    figure('processor time of a chunk', 'ms', processorMs(cpu) / written),
  ];
}

async function measureQueries(database: Database, chunks: number): Promise<readonly Figure[]> {
  const memory = createMemory(database, systemClock);
  const queries = queriesOf(queryOf);
  return [
    ...(await timed(`text query over ${chunks} chunks`, mostFor(chunks), queries, (query) =>
      textCandidates(database, query, { limit: 50 }),
    )),
    ...(await timed(`whole search by words over ${chunks} chunks`, mostFor(chunks), queries, (query) =>
      memory.search(query, { limit: 10 }),
    )),
  ];
}

/** The same words in questions that the model understands, so that both have a say; their vectors are there already. */
async function measureQuestions(database: Database, chunks: number): Promise<readonly Figure[]> {
  const questions = queriesOf(questionOf);
  await storeNearVectors(database, questions, randomFrom(3));
  const vectors = openVectors(database, { provider: 'embedded' });
  const memory = createMemory(database, systemClock, undefined, { vectors });
  for (const question of questions) await vectors.nearest(question, { limit: 1, waitMs: 60_000 });
  const name = `query, words and vectors, ${chunks.toLocaleString('en')} chunks`;
  const figures = await timed(name, mostFor(chunks), questions, (question) =>
    memory.search(question, { limit: 10 }),
  );
  await vectors.rest();
  return figures;
}

const mostFor = (chunks: number): number => (chunks > 20_000 ? 60 : 15);

function queriesOf(one: (random: () => number) => string): readonly string[] {
  const random = randomFrom(2);
  return Array.from({ length: QUERIES }, () => one(random));
}

async function timed(
  name: string,
  atMost: number,
  queries: readonly string[],
  ask: (query: string) => Promise<unknown>,
): Promise<readonly Figure[]> {
  for (const query of queries.slice(0, 10)) await ask(query);
  const times: number[] = [];
  const cpu = process.cpuUsage();
  for (const query of queries) {
    const startedAt = performance.now();
    await ask(query);
    times.push(performance.now() - startedAt);
  }
  return [
    figure(`${name}, p50`, 'ms', quantile(times, 0.5), { atMost }),
    figure(`${name}, p95`, 'ms', quantile(times, 0.95)),
    figure(`${name}, processor time`, 'ms', processorMs(cpu) / QUERIES),
  ];
}

const figure = (name: string, unit: string, value: number, target?: Target): Figure => ({
  name,
  unit,
  rounds: [value],
  ...(target && { target }),
});

/** Of all threads of this process since then. */
function processorMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** A language of so many words: the word of rank r is 1/r as frequent as the first (Zipf's law). */
const VOCABULARY = 30_000;
/** In a query one does not ask for words that are in every text. */
const LEAST_RANK_ASKED = 30;

const sentences = (random: () => number): string =>
  Array.from({ length: 10 }, () => `${words(random, 17, 1)}.`).join(' ');

const queryOf = (random: () => number): string =>
  words(random, 3 + Math.floor(random() * 6), LEAST_RANK_ASKED);

/** Small words are no terms: it is searched by the same words as the query, and the model knows its language. */
const questionOf = (random: () => number): string =>
  queryOf(random)
    .split(' ')
    .map((word, at) => `${SMALL_WORDS[at % SMALL_WORDS.length]} ${word}`)
    .join(' ');

const SMALL_WORDS = [
  'what did they have about the',
  'and where was there more with the',
  'how did you do this before the',
  'and when were we there for the',
];

const words = (random: () => number, count: number, leastRank: number): string =>
  Array.from({ length: count }, () =>
    wordOf(Math.floor(leastRank * (VOCABULARY / leastRank) ** random())),
  ).join(' ');

const CONSONANTS = 'bdgklmnprstv';
const VOWELS = 'aiou';

/** A word of its own for each number: a syllable a digit. */
function wordOf(rank: number): string {
  let word = '';
  for (let rest = rank; rest > 0; rest = Math.floor(rest / 48))
    word += CONSONANTS.charAt(rest % 12) + VOWELS.charAt(Math.floor((rest % 48) / 12));
  return `${word}x`;
}

/** Numbers from 0 to 1, the same for each seed (Park and Miller's minimal standard generator). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
