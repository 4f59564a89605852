import { describe, expect, test } from 'vitest';
import { passageKey } from '../salience/passage-key.ts';
import type { Fact } from './fact.ts';
import { nearDuplicates } from './near-duplicates.ts';
import { PAIRS } from './testing/pairs.ts';

const breathe = async (): Promise<void> => {};

function fact(text: string, line = 0): Fact {
  const key = passageKey(text) ?? '';
  return { path: 'facts/a.md', line, text, key, writtenAt: 0, uses: 0, influenced: false, byHand: false };
}

async function areSame(first: string, second: string): Promise<boolean> {
  return (await nearDuplicates([fact(first, 0), fact(second, 1)], breathe)).length > 0;
}

describe('facts that say the same', () => {
  test('are found in 24 of 25 labelled pairs', async () => {
    const same = PAIRS.filter(([same]) => same);
    const found = await Promise.all(same.map(([, first, second]) => areSame(first, second)));
    expect(same.length).toBe(25);
    expect(found.filter(Boolean).length).toBeGreaterThanOrEqual(24);
  });

  test.each(PAIRS.filter(([same]) => !same))('are not these (%s): %s / %s', async (_, first, second) => {
    expect(await areSame(first, second)).toBe(false);
    expect(await areSame(second, first)).toBe(false);
  });
});

test('comparing grows with the number of facts, not with its square', async () => {
  const breaths = async (count: number): Promise<number> => {
    let calls = 0;
    const facts = Array.from({ length: count }, (_, at) =>
      fact(`thing ${at % 97} of the shelf ${at % 89} stands in room ${at % 83}`, at),
    );
    await nearDuplicates(facts, async () => void calls++);
    return calls;
  };
  const cost = async (count: number): Promise<number> => {
    const before = process.cpuUsage();
    await breaths(count);
    return process.cpuUsage(before).user;
  };
  await cost(2_000);
  expect(await breaths(2_500)).toBe(500);
  // Four times as many: four times the cost, not 16 times.
  expect((await cost(12_000)) / (await cost(3_000))).toBeLessThan(9);
});
