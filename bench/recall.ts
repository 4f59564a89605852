import { join } from 'node:path';
import { countTokens } from 'gpt-tokenizer';
import { z } from 'zod';
import { systemClock } from '../src/core/clock.ts';
import type { RecalledPassage } from '../src/core/journal.ts';
import { createMemory, type Memory } from '../src/memory/index.ts';
import { tokenBound } from '../src/memory/recall/token-bound.ts';
import { type Recalled, recall, recallTopic } from '../src/memory/recall.ts';
import { classify, type Topic, topicOf } from '../src/routing/index.ts';
import { openMemoryDatabase } from '../src/storage/testing/memory-database.ts';
import { type Benchmark, type Figure, type Line, quantile, type Target } from './harness.ts';
import { readJsonLines } from './json-lines.ts';
import { readCranfield } from './recall/cranfield.ts';

/**
 * What memory adds to a message by itself: whether the note that answers is among it, how many tokens it is, and how
 * often something is added to a message that needs none. An everyday memory with questions, of which
 * `recall/held-out.jsonl` was written when the rules were done and is what the targets are for; and Cranfield's abstracts,
 * whose questions are about nobody's own things and are therefore taken as if the papers were the user's.
 */
export const benchmark: Benchmark = {
  about: 'passages of memory that go to the model with a message',
  defaultRounds: 1,
  async measure() {
    return [...(await everyday()), ...(await cranfield())];
  },
};

const HERE = join(import.meta.dirname, 'recall');

const noteSchema = z.object({ path: z.string(), content: z.string() });
const questionSchema = z.object({ text: z.string(), wants: z.string().nullable() });

interface Targets {
  readonly found?: Target;
  readonly unasked?: Target;
}

async function everyday(): Promise<readonly Line[]> {
  await using stage = await openMemory(readJsonLines(join(HERE, 'notes.jsonl'), noteSchema));
  const lines: Line[] = [];
  lines.push(...(await measureSet(stage, 'tuning', {})));
  lines.push(...(await measureSet(stage, 'held-out', { found: { atLeast: 85 }, unasked: { atMost: 10 } })));
  return lines;
}

interface Stage extends AsyncDisposable {
  readonly memory: Memory;
  /** How often memory was searched. */
  readonly searches: () => number;
}

async function openMemory(notes: readonly z.infer<typeof noteSchema>[]): Promise<Stage> {
  const database = await openMemoryDatabase();
  const memory = createMemory(database, systemClock);
  for (const { path, content } of notes)
    await database.commit(memory.writeStatements(path, content, { append: false }));
  let searches = 0;
  const search: Memory['search'] = (query, limit) => {
    searches++;
    return memory.search(query, limit);
  };
  return {
    memory: { ...memory, search },
    searches: () => searches,
    [Symbol.asyncDispose]: () => database.close(),
  };
}

interface Asked {
  readonly text: string;
  readonly wants: ReadonlySet<string>;
  readonly passages: readonly RecalledPassage[];
  readonly searched: boolean;
  readonly milliseconds: number;
}

async function ask(
  { searches }: Stage,
  text: string,
  wants: ReadonlySet<string>,
  recalling: () => Promise<Recalled | undefined>,
): Promise<Asked> {
  const [before, begin] = [searches(), performance.now()];
  const passages = (await recalling())?.passages ?? [];
  return { text, wants, passages, searched: searches() > before, milliseconds: performance.now() - begin };
}

async function measureSet(stage: Stage, name: string, targets: Targets): Promise<readonly Line[]> {
  const asked: Asked[] = [];
  for (const { text, wants } of readJsonLines(join(HERE, `${name}.jsonl`), questionSchema)) {
    const question = { text, route: classify(text).route, now: systemClock.now() };
    const wanted = new Set(wants === null ? [] : [wants]);
    asked.push(await ask(stage, text, wanted, () => recall(stage.memory, question)));
  }
  const needy = asked.filter(({ wants }) => wants.size > 0);
  const others = asked.filter(({ wants }) => wants.size === 0);
  for (const one of [...needy.filter(isMissed), ...others.filter(isAnswered)]) tell(name, one);
  return [
    share(`${name}: the right note is there, of ${needy.length}`, needy, isFound, targets.found),
    share(
      `${name}: something is added for nothing, of ${others.length}`,
      others,
      isAnswered,
      targets.unasked,
    ),
    share(`${name}: of these, searched for nothing`, others, ({ searched }) => searched),
    ...costs(name, asked),
  ];
}

const isFound = ({ passages, wants }: Asked): boolean => passages.some(({ path }) => wants.has(path));
const isMissed = (asked: Asked): boolean => !isFound(asked);
const isAnswered = ({ passages }: Asked): boolean => passages.length > 0;

function tell(name: string, { text, wants, passages }: Asked): void {
  const paths = passages.map(({ path }) => path).join(', ') || 'nothing';
  console.log(`${name}: "${text}" wants ${[...wants].join(', ') || 'nothing'}, gets ${paths}`);
}

function share(
  name: string,
  asked: readonly Asked[],
  fits: (asked: Asked) => boolean,
  target?: Target,
): Figure {
  const part = (100 * asked.filter(fits).length) / asked.length;
  return { name, unit: '%', rounds: [part], ...(target && { target }) };
}

function costs(name: string, asked: readonly Asked[]): readonly Figure[] {
  const answered = asked.filter(isAnswered);
  const tokens = answered.map(tokensOf);
  const mean = tokens.reduce((sum, count) => sum + count, 0) / tokens.length;
  const searched = asked.filter((one) => one.searched).map(({ milliseconds }) => milliseconds);
  const overBound = answered.filter((one) => tokensOf(one) > boundOf(one));
  return [
    { name: `${name}: tokens (o200k) that are added, mean`, unit: 'tokens', rounds: [mean] },
    {
      name: `${name}: tokens at most`,
      unit: 'tokens',
      rounds: [Math.max(...tokens)],
      target: { atMost: 800 },
    },
    {
      name: `${name}: with more tokens than reckoned`,
      unit: '',
      rounds: [overBound.length],
      target: { atMost: 0 },
    },
    { name: `${name}: a message that is searched for`, unit: 'ms', rounds: [quantile(searched, 0.5)] },
  ];
}

const sumOf = (passages: readonly RecalledPassage[], count: (text: string) => number): number =>
  passages.reduce((sum, { path, text }) => sum + count(path) + count(text), 0);

const tokensOf = ({ passages }: Asked): number => sumOf(passages, (text) => countTokens(text));
const boundOf = ({ passages }: Asked): number => sumOf(passages, tokenBound);

/** As if the papers were the user's own. */
const ownTopic = (text: string): Topic => ({ ...topicOf(text), isPersonal: true, isGeneral: false });

async function cranfield(): Promise<readonly Line[]> {
  const collection = readCranfield(join(import.meta.dirname, '../../shared/data/cranfield'));
  if (!collection) return [{ name: 'Cranfield', skipped: 'the collection is not at hand' }];
  await using stage = await openMemory(collection.abstracts);
  const asked: Asked[] = [];
  for (const { text, answers } of collection.questions) {
    const options = { route: 'query', limit: 4, now: systemClock.now() } as const;
    asked.push(await ask(stage, text, answers, () => recallTopic(stage.memory, ownTopic(text), options)));
  }
  const first = ({ passages, wants }: Asked): boolean => wants.has(passages[0]?.path ?? '');
  return [
    share(`Cranfield: an answer is there, of ${asked.length}`, asked, isFound),
    share('Cranfield: the first one is an answer', asked, first),
    share('Cranfield: anything is there', asked, isAnswered),
    ...costs('Cranfield', asked),
  ];
}
