import { afterAll, beforeAll, expect, test } from 'vitest';
import { countedIds } from '../../core/ids.ts';
import type { Database } from '../../storage/index.ts';
import { openMemoryDatabase } from '../../storage/testing/memory-database.ts';
import { createMemory } from '../index.ts';
import { IMPORTANT, importanceOf } from '../salience/importance.ts';
import { useStatements } from '../salience/uses.ts';
import { factLines } from './fact.ts';
import { readSteps, undoStep } from './steps.ts';
import { PHASES, tidyPhase } from './tidy.ts';

const DAY_MS = 86_400_000;
/** From one time of tidying to the next: what matters is how much is there, not how often that is looked at. */
const EVERY_DAYS = 14;
const EPISODES_A_DAY = 5;
const FACTS_A_DAY = 10;
const DAYS = 365;

let database: Database;
let now = Date.UTC(2026, 0, 1, 21);
const ids = countedIds('id');

beforeAll(async () => {
  database = await openMemoryDatabase();
});
afterAll(() => database.close());

/** A small generator of our own, so that the year is the same every time (Park and Miller, 1988). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const random = numbers(20_260_101);
const WORDS =
  'amber birch cedar dune ember fjord glade heath inlet juniper knoll larch moss nettle orchard pine'.split(
    ' ',
  );
const word = (): string => `${WORDS[random(WORDS.length)]}${random(900)}`;

/** One in twenty is important; one in ten says again what was said before. */
function factOf(said: readonly string[]): string {
  if (said.length > 0 && random(10) === 0) return said[random(said.length)] ?? '';
  const text = `the ${word()} of the ${word()} has a ${word()}`;
  return random(20) === 0 ? `Important: ${text}` : text;
}

test('a year of talk leaves a memory of bounded size that has all that matters', {
  timeout: 110_000,
}, async () => {
  const memory = createMemory(database, { now: () => now });
  const breathe = async (): Promise<void> => {};
  const parts = {
    database,
    memory,
    clock: { now: () => now },
    ids,
    condense: async () => undefined,
    expired: async () => [],
    breathe,
  };
  const said: string[] = [];
  const usedAt = new Map<string, number>();
  let mostFacts = 0;
  let mostEpisodes = 0;

  const content = async (prefix: string): Promise<ReadonlyMap<string, string>> => {
    const { rows } = await database.query<{ path: string; content: string }>(
      'select path, content from memory_document where starts_with(path, $1) order by path',
      [prefix],
    );
    return new Map(rows.map((row) => [row.path, row.content]));
  };
  const facts = async (): Promise<readonly string[]> =>
    [...(await content('facts/')).values()].flatMap((text) => factLines(text).map((fact) => fact.text));

  // What can be found is not what this is about, and keeping an index of it takes most of the time.
  for (const folder of ['facts', 'episodes']) {
    const rule = JSON.stringify({ skip_indexing: true, skip_versioning: true });
    await database.commit(memory.writeStatements(`${folder}/.config`, rule, { append: false }));
  }

  for (let day = 0; day < DAYS; day++) {
    now += DAY_MS;
    const date = new Date(now).toISOString().slice(0, 10);
    const source = { by: 'distiller', conversationId: `c${day}` } as const;
    const fresh = Array.from({ length: FACTS_A_DAY }, () => factOf(said));
    said.push(...fresh);
    const lines = fresh.map((text) => `- ${text}`).join('\n');
    const [first, ...rest] = memory.writeStatements(`facts/s${day % 40}.md`, lines, { append: true, source });
    const talks = Array.from({ length: EPISODES_A_DAY }, (_, talk) => {
      const text = `# About ${word()}\n\nWe spoke of the ${word()}. It has to do with the ${word()}.`;
      return memory.writeStatements(`episodes/${date}/c${talk}.md`, text, { append: false, source });
    });
    await database.commit([first, ...rest, ...talks.flat()]);
    // Three facts of the past weeks are asked for.
    const asked = Array.from({ length: 3 }, () => said[Math.max(0, said.length - 1 - random(300))] ?? '');
    for (const fact of asked) {
      const { rows } = await database.query<{ path: string }>(
        `select path from memory_document where starts_with(path, 'facts/') and strpos(content || E'\\n', $1) > 0`,
        [`- ${fact}\n`],
      );
      if (rows.length > 0) usedAt.set(fact, now);
      const [use] = useStatements(
        rows.map(({ path }) => ({ path, text: `- ${fact}` })),
        now,
      );
      if (use) await database.commit([use]);
    }

    if (day % EVERY_DAYS !== EVERY_DAYS - 1) continue;
    const run = { id: ids.next(), steps: 0 };
    for (const phase of PHASES) await tidyPhase(parts, phase, run, async () => true);
    const left = await facts();
    mostFacts = Math.max(mostFacts, left.length);
    const episodes = await content('episodes/');
    mostEpisodes = Math.max(
      mostEpisodes,
      [...episodes.keys()].filter((path) => path.split('/').length === 3).length,
    );
    const there = new Set(left);
    const recent = [...usedAt].filter(([, at]) => now - at < 30 * DAY_MS).map(([fact]) => fact);
    const important = said.filter((fact) => importanceOf(fact) >= IMPORTANT);
    expect([...recent, ...important].filter((fact) => !there.has(fact))).toEqual([]);
  }

  // 3,650 facts and 1,825 episodes were written.
  const bound =
    110 * FACTS_A_DAY + said.filter((fact) => importanceOf(fact) >= IMPORTANT).length + usedAt.size;
  expect(mostFacts).toBeLessThan(bound);
  expect(mostFacts).toBeGreaterThan(100);
  expect(mostEpisodes).toBeLessThan(70 * EPISODES_A_DAY);
  const digests = [...(await content('episodes/'))].filter(([path]) => path.split('/').length === 2);
  expect(digests.length).toBeGreaterThanOrEqual(9);
  for (const [, text] of digests) expect(text.length).toBeLessThan(15_000);

  const steps = await readSteps(database, 10_000);
  expect(steps.length).toBeGreaterThan(100);
  for (const { reason } of steps) expect(reason).toMatch(/^.{20,600}$/s);

  // The last run, undone step by step, is as if it had never been.
  const before = await content('');
  now += 40 * DAY_MS;
  const run = { id: ids.next(), steps: 0 };
  for (const phase of PHASES) await tidyPhase(parts, phase, run, async () => true);
  expect(run.steps).toBeGreaterThan(10);
  expect(await content('')).not.toEqual(before);
  for (const { id } of await readSteps(database, run.steps))
    expect((await undoStep(database, id, now)).ok).toBe(true);
  expect(await content('')).toEqual(before);
});
