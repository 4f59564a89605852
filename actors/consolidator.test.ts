import { describe, expect, test } from 'vitest';
import { SimulatedClock } from 'xstate';
import type { Model, ModelRequest } from '../src/llm/index.ts';
import { fixedChoice, type ModelChoice } from './models/choice.ts';
import { type Bench, openBench, type Script, until } from './testing/bench.ts';

const MINUTE_MS = 60_000;

/** A tree that tidies, whose time is turned by hand. */
async function openTidyBench() {
  const clock = new SimulatedClock();
  const bench = await openBench({ script: () => 'yes', clock, consolidate: true });
  return {
    bench,
    pass: (ms: number) => clock.increment(ms),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

async function learn({ database, memory }: Bench, path: string, content: string): Promise<void> {
  const source = { by: 'distiller' } as const;
  await database.commit(memory.writeStatements(path, content, { append: false, source }));
}

const TWICE = '- The user likes tea\n- Likes tea';

test('memory is tidied some minutes after the start where that was not done for a day', async () => {
  await using opened = await openTidyBench();
  const { bench, pass } = opened;
  await learn(bench, 'facts/tea.md', TWICE);
  pass(2 * MINUTE_MS);
  await tidied(bench);
  expect((await bench.memory.read('facts/tea.md'))?.content).toBe('- The user likes tea');
});

async function tidied({ database }: Bench): Promise<void> {
  let ended = false;
  const look = async (): Promise<void> => {
    const { rows } = await database.query<{ ended_at: Date | null }>('select ended_at from memory_tidying');
    ended = rows[0]?.ended_at !== null;
    if (!ended) setImmediate(() => void look());
  };
  void look();
  await until(() => ended);
}

test('while somebody talks it waits, and goes on when it is quiet', async () => {
  await using opened = await openTidyBench();
  const { bench, pass } = opened;
  await learn(bench, 'facts/tea.md', TWICE);
  await bench.say('hello');
  await bench.waitFor('turn.replied');
  pass(2 * MINUTE_MS);
  await stateOf(bench, 'paused');
  expect((await bench.memory.read('facts/tea.md'))?.content).toBe(TWICE);
  await bench.database.query("update actor set updated_at = now() - interval '1 hour'");
  pass(MINUTE_MS);
  await tidied(bench);
  expect((await bench.memory.read('facts/tea.md'))?.content).toBe('- The user likes tea');
  await stateOf(bench, 'idle');
});

/** Waits until the consolidator stands so in the tree. */
async function stateOf({ system }: Bench, state: string): Promise<void> {
  const time = () => system.tree().children.find(({ id }) => id === 'time');
  await until(
    () => time()?.children.some((child) => child.id === 'consolidator' && child.state === state) ?? false,
  );
}

test('what memory says to a message, and what the model reads in it, counts as used', async () => {
  await using bench = await openBench({ script: () => 'She is allergic to peanuts.' });
  await learn(
    bench,
    'facts/anna.md',
    '- Anna is allergic to peanuts\n- Anna plays the cello in an orchestra',
  );
  await bench.say('What is Anna allergic to?');
  await bench.waitFor('turn.replied');
  const { rows } = await bench.database.query('select path, uses from memory_use');
  expect(rows.length).toBeGreaterThan(0);
  expect(rows).toContainEqual({ path: 'facts/anna.md', uses: 1 });
});

describe('a cheap model', () => {
  const EPISODE = '# Boiler\n\nThe boiler makes a noise. Kessler comes on 2026-01-09.';

  /** Two conversations of long ago, and a tree with a cheap model beside the main one. */
  async function openOldBench(script: Script) {
    const asked: ModelRequest[] = [];
    const cheap = (played: Model): Model => ({
      ...played,
      name: 'cheap',
      complete: (request) => {
        asked.push(request);
        return played.complete(request);
      },
    });
    const choice = (played: Model): ModelChoice => {
      const fixed = fixedChoice(played);
      return { ...fixed, chains: () => ({ ...fixed.chains(), cheap: [cheap(played)] }) };
    };
    const bench = await openBench({ script, choice });
    for (const talk of ['c1', 'c2']) await learn(bench, `episodes/2020-01-01/${talk}.md`, EPISODE);
    await bench.database.query("update memory_document set updated_at = '2020-01-01'");
    return { bench, asked };
  }

  test('writes the lines of a digest', async () => {
    const { bench, asked } = await openOldBench(() => '1: Kessler comes.\n2: It was noisy.');
    await using _ = bench;
    await bench.assistant.memory.tidy({ dryRun: false });
    expect((await bench.memory.read('episodes/2020-01.md'))?.content).toBe(
      '# 2020-01\n\n- 2020-01-01 Boiler: Kessler comes.\n\n- 2020-01-01 Boiler: It was noisy.',
    );
    expect(asked).toHaveLength(1);
  });

  test('that fails is done without', async () => {
    const { bench, asked } = await openOldBench(() => ({ failure: { kind: 'unauthorized', message: 'no' } }));
    await using _ = bench;
    await bench.assistant.memory.tidy({ dryRun: false });
    expect((await bench.memory.read('episodes/2020-01.md'))?.content).toContain(
      'Kessler comes on 2026-01-09.',
    );
    expect(asked).toHaveLength(1);
  });
});
