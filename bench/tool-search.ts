import { tmpdir } from 'node:os';
import { countTokens } from 'gpt-tokenizer';
import type { JournalEntry } from '../src/core/journal.ts';
import { renderSystemPrompt, type ToolDescription } from '../src/llm/index.ts';
import { createMemory } from '../src/memory/index.ts';
import { createHttpsTransport, createRateLimiter, systemResolver } from '../src/network/index.ts';
import { openMemoryDatabase } from '../src/storage/testing/memory-database.ts';
import { createToolIndex, type ToolIndex } from '../src/tools/disclosure/tool-index.ts';
import {
  createBuiltinTools,
  createFileScope,
  createToolRegistry,
  offeredTools,
  type Tool,
  type ToolOutput,
  type ToolRegistry,
} from '../src/tools/index.ts';
import { noWork } from '../src/work/testing/no-work.ts';
import type { Benchmark, Figure, Line } from './harness.ts';
import { readSearchData, type SearchData } from './tool-search/data-file.ts';
import { type LabelledQuery, SMALL_TALK } from './tool-search/queries.ts';

/**
 * Whether a model finds the tool that it needs among hundreds, and what that costs. `--data FILE`, which may be
 * repeated, takes other tools and queries (`tool-search/data-file.ts`).
 */
export const benchmark: Benchmark = {
  about: 'tools found by what is asked for, and tokens and time that a large set of them costs',
  defaultRounds: 5,
  async measure({ data, rounds }) {
    const sets = await readSearchData(data);
    const lines: Line[] = [];
    for (const set of sets) lines.push(...(await measureSet(set, rounds)));
    return lines;
  },
};

async function measureSet(set: SearchData, rounds: number): Promise<readonly Line[]> {
  const index = createToolIndex(set.tools);
  const heldOut = set.queries.filter(({ isHeldOut }) => isHeldOut);
  await using home = await openRegistry(set.tools);
  return [
    count(`tools (${set.name})`, set.tools.length),
    count('queries', set.queries.length),
    { ...figure('recall@5', '', [recallAt(5, set.queries, index)]), target: { atLeast: 0.95 } },
    figure('mean reciprocal rank', '', [reciprocalRank(set.queries, index)]),
    {
      ...figure(`recall@5 of ${heldOut.length} held-out queries`, '', [recallAt(5, heldOut, index)]),
      target: { atLeast: 0.9 },
    },
    figure('mean reciprocal rank of them', '', [reciprocalRank(heldOut, index)]),
    ...offerLines(set, home.registry),
    ...promptLines(home.registry),
    ...timeLines(set, home.registry, index, rounds),
  ];
}

/** What the query's own words alone bring about, before the model has searched for anything. */
function offerLines(set: SearchData, registry: ToolRegistry): readonly Figure[] {
  const right = set.queries.filter(({ query, tools }) => {
    const names = offered(registry, query).map(({ name }) => name);
    return tools.some((name) => names.includes(name));
  });
  const usual = offered(registry, 'hi').length;
  const guesses = (texts: readonly string[]): number =>
    texts.reduce((sum, text) => sum + offered(registry, text).length - usual, 0) / texts.length;
  return [
    figure('the right tool is offered before any search', '%', [(100 * right.length) / set.queries.length]),
    figure('tools offered for a query', '', [guesses(set.queries.map(({ query }) => query))]),
    { ...figure('tools offered for small talk', '', [guesses(SMALL_TALK)]), target: { atMost: 0.1 } },
  ];
}

function promptLines(registry: ToolRegistry): readonly Figure[] {
  const all = registry.descriptions();
  const system = renderSystemPrompt({ now: Date.now(), timezone: 'Europe/Berlin' });
  const prompt = (tools: readonly ToolDescription[]): number =>
    countTokens(system) + countTokens('hi') + countTokens(JSON.stringify(tools.map(asSent)));
  return [
    {
      ...figure('prompt for a bare "hi"', 'tokens', [prompt(offered(registry, 'hi'))]),
      target: { atMost: 3_000 },
    },
    figure('the same with every tool', 'tokens', [prompt(all)]),
  ];
}

/** As providers take it. */
const asSent = (description: ToolDescription) => ({ type: 'function', function: description });

function timeLines(
  { tools, queries }: SearchData,
  registry: ToolRegistry,
  index: ToolIndex,
  rounds: number,
): readonly Figure[] {
  const long = Array.from({ length: 100 }, (_, at) => turn(`turn-${at}`, 'what about the next one?')).flat();
  const perCall = (calls: number, work: (at: number) => unknown): readonly number[] =>
    Array.from({ length: rounds + 1 }, () => msFor(calls, work) / calls).slice(1);
  const text = (at: number): string => queries[at % queries.length]?.query ?? '';
  return [
    figure(
      'making the index, once for a set of tools',
      'ms',
      perCall(5, () => createToolIndex(tools)),
    ),
    figure(
      'one search',
      'ms',
      perCall(queries.length, (at) => index.search(text(at), 5)),
    ),
    {
      ...figure(
        'what to offer, for a request',
        'ms',
        perCall(queries.length, (at) => offered(registry, text(at))),
      ),
      target: { atMost: 0.2 },
    },
    figure(
      'the same after 100 turns',
      'ms',
      perCall(queries.length, (at) => offered(registry, text(at), long)),
    ),
  ];
}

function msFor(calls: number, work: (at: number) => unknown): number {
  const start = performance.now();
  for (let at = 0; at < calls; at++) work(at);
  return performance.now() - start;
}

const offered = (
  registry: ToolRegistry,
  text: string,
  before: readonly JournalEntry[] = [],
): readonly ToolDescription[] => offeredTools({ registry, entries: [...before, ...turn('now', text)] });

function turn(turnId: string, text: string): readonly JournalEntry[] {
  const messages = [{ inboxId: `inbox-${turnId}`, text }];
  return [{ seq: 1, at: '2026-01-01T00:00:00Z', type: 'turn.began', turnId, messages, route: 'task' }];
}

/** The tools that come with the assistant, and beside them those of the set. */
async function openRegistry(tools: readonly ToolDescription[]) {
  const database = await openMemoryDatabase();
  const clock = { now: () => Date.now() };
  const files = createFileScope({ root: tmpdir() });
  const memory = createMemory(database, clock);
  const web = {
    transport: createHttpsTransport(),
    resolver: systemResolver,
    rates: createRateLimiter(clock),
  };
  const registry: ToolRegistry = createToolRegistry(
    createBuiltinTools({
      clock,
      memory,
      files,
      web,
      agents: { run: nothing },
      work: noWork(),
      registry: () => registry,
    }),
  );
  registry.replaceGuests(tools.map(asTool));
  return { registry, [Symbol.asyncDispose]: () => database.close() };
}

const asTool = (description: ToolDescription): Tool => ({
  ...description,
  effect: 'once',
  approval: 'unless-granted',
  timeoutMs: 1_000,
  powers: ['sends'],
  execute: nothing,
});

/** No tool is called here. */
async function nothing(): Promise<ToolOutput> {
  return { ok: false, content: '' };
}

/** The part of the queries for which a right tool is among the first so many. */
const recallAt = (first: number, queries: readonly LabelledQuery[], index: ToolIndex): number =>
  mean(queries.map((query) => (rankOf(query, index) <= first ? 1 : 0)));

const reciprocalRank = (queries: readonly LabelledQuery[], index: ToolIndex): number =>
  mean(queries.map((query) => 1 / rankOf(query, index)));

/** Tools that are looked at for one that is right. */
const DEPTH = 20;

function rankOf({ query, tools }: LabelledQuery, index: ToolIndex): number {
  const at = index.search(query, DEPTH).findIndex(({ tool }) => tools.includes(tool.name));
  return at === -1 ? Number.POSITIVE_INFINITY : at + 1;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const figure = (name: string, unit: string, rounds: readonly number[]): Figure => ({ name, unit, rounds });
const count = (name: string, value: number): Figure => figure(name, '', [value]);
