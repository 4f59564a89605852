import { join } from 'node:path';
import type { SearchHit, SearchOptions } from '../src/memory/index.ts';
import { type Benchmark, type Figure, type Line, quantile, type Target } from './harness.ts';
import {
  type Collection,
  languages,
  type Question,
  sessionBySession,
  turnByTurn,
} from './memory/collections.ts';
import { ndcg } from './memory/ndcg.ts';
import { measureSpeed } from './memory/speed.ts';
import { openStage, type Stage } from './memory/stage.ts';
import { benchmark as vectorsBenchmark } from './memory/vectors.ts';
import { readCranfield } from './recall/cranfield.ts';

/**
 * How well memory finds what is asked for, and what that costs. Three sets: Cranfield's abstracts, which were never looked
 * at one by one, and whose questions were halved to choose each figure of the search; conversations over months with
 * questions in the words of their answers and in others; and notes in nine languages.
 *
 * `IRONBARK_BENCH_LARGE=1` measures the speed over 100,000 chunks as well, which takes ten minutes to write.
 */
export const benchmark: Benchmark = {
  about: 'what a search of memory finds, and what it costs',
  defaultRounds: 1,
  async measure(options) {
    const large = process.env.IRONBARK_BENCH_LARGE ? await measureSpeed(100_000) : [];
    return [
      ...(await cranfield()),
      ...(await turns()),
      ...(await sessions()),
      ...(await inLanguages()),
      ...(await measureSpeed(10_000)),
      ...large,
      ...(await vectorsBenchmark.measure({ ...options, rounds: 5 })),
    ];
  },
};

/** The ways of searching that are compared. */
const WAYS = {
  'words alone': { fusion: 'text', feedback: false, neighbours: false },
  'words with feedback': { fusion: 'text', neighbours: false },
  'vectors alone': { fusion: 'vectors', neighbours: false },
  'by rank (RRF)': { fusion: 'rrf', neighbours: false },
  'by score (convex)': { neighbours: false },
  'as it is (with neighbours)': {},
} as const satisfies Readonly<Record<string, Omit<SearchOptions, 'limit'>>>;

type Way = keyof typeof WAYS;

interface Measure {
  readonly name: string;
  readonly unit: string;
  readonly limit: number;
  /** How good the hits are, 0 to 1. */
  readonly rate: (hits: readonly SearchHit[], question: Question) => number;
  readonly targets?: { readonly [way in Way]?: Target };
}

async function cranfield(): Promise<readonly Line[]> {
  const found = readCranfield(join(import.meta.dirname, '../../shared/data/cranfield'));
  if (!found) return [{ name: 'Cranfield', skipped: 'the collection is not at hand' }];
  const questions = found.questions
    .filter(({ answers }) => answers.size > 0)
    .map((question) => ({ ...question, kind: 'question' }));
  await using stage = await openStage(found.abstracts, questions);
  const lines = await compare(stage, questions, {
    name: 'Cranfield',
    unit: 'nDCG@10',
    limit: 10,
    rate: (hits, { answers }) => ndcg([...new Set(hits.map(({ path }) => path))], answers, 10),
    targets: { 'as it is (with neighbours)': { atLeast: 0.54 } },
  });
  return [...lines, ...gainOverWords(lines)];
}

/** Vectors may help or not; they must not harm. */
function gainOverWords(lines: readonly Figure[]): readonly Figure[] {
  const of = (way: Way): number => lines.find(({ name }) => name.endsWith(way))?.rounds[0] ?? Number.NaN;
  const gain = of('as it is (with neighbours)') - of('words alone');
  return [
    {
      name: 'Cranfield: better than words alone by',
      unit: 'nDCG@10',
      rounds: [gain],
      target: { atLeast: 0 },
    },
  ];
}

async function turns(): Promise<readonly Line[]> {
  const set = turnByTurn();
  const holds = ({ path }: SearchHit, { answers }: Question): boolean => answers.has(path);
  return conversations('a document a turn', set, holds, { atLeast: 0.72 });
}

async function sessions(): Promise<readonly Line[]> {
  const set = sessionBySession();
  const holds = ({ snippet }: SearchHit, { answers }: Question): boolean =>
    [...answers].some((answer) => snippet.includes(answer));
  return conversations('a document a day', set, holds, { atLeast: 0.82 });
}

async function conversations(
  what: string,
  { documents, questions }: Collection,
  holds: (hit: SearchHit, question: Question) => boolean,
  target: Target,
): Promise<readonly Line[]> {
  await using stage = await openStage(documents, questions);
  const measure = {
    unit: 'hit@10',
    limit: 10,
    rate: (hits: readonly SearchHit[], question: Question) =>
      Number(hits.some((hit) => holds(hit, question))),
  };
  const targets = { 'as it is (with neighbours)': target };
  const lines = [
    ...(await compare(stage, questions, { ...measure, name: `Conversations, ${what}`, targets })),
  ];
  for (const kind of new Set(questions.map((question) => question.kind))) {
    const asked = questions.filter((question) => question.kind === kind);
    const name = `Conversations, ${what}, ${kind} (${asked.length})`;
    lines.push(...(await compare(stage, asked, { ...measure, name }, { 'as it is (with neighbours)': {} })));
  }
  return lines;
}

async function inLanguages(): Promise<readonly Line[]> {
  const { documents, questions } = languages();
  await using stage = await openStage(documents, questions);
  return await compare(stage, questions, {
    name: `Nine languages, of ${questions.length}`,
    unit: 'recall@5',
    limit: 5,
    rate: (hits, { answers }) => Number(hits.some(({ path }) => answers.has(path))),
    targets: { 'as it is (with neighbours)': { atLeast: 0.9 } },
  });
}

async function compare(
  { memory }: Stage,
  questions: readonly Question[],
  { name, unit, limit, rate, targets = {} }: Measure,
  ways: Partial<typeof WAYS> = WAYS,
): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const [way, options] of Object.entries(ways)) {
    const times: number[] = [];
    let sum = 0;
    for (const question of questions) {
      const within = question.folder === undefined ? {} : { folder: question.folder };
      const begin = performance.now();
      const hits = await memory.search(question.text, { limit, ...within, ...options });
      times.push(performance.now() - begin);
      sum += rate(hits, question);
    }
    const target = Object.entries(targets).find(([named]) => named === way)?.[1];
    const label = `${name}: ${way}`;
    figures.push({ name: label, unit, rounds: [sum / questions.length], ...(target && { target }) });
    if (way.startsWith('as it is'))
      figures.push({ name: `${name}: a search`, unit: 'ms', rounds: [quantile(times, 0.5)] });
  }
  return figures;
}
