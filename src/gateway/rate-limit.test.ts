import { describe, expect, test } from 'vitest';
import { createRateLimit } from './rate-limit.ts';

function limited() {
  let now = 0;
  const limit = createRateLimit({ now: () => now });
  const rate = { count: 3, perSeconds: 60 };
  return {
    take: (key: string) => limit.take(key, rate),
    advance(seconds: number) {
      now += seconds * 1000;
    },
  };
}

describe('a rate limit', () => {
  test('allows so many at once, and as many again in the time that follows, evenly', () => {
    const { take, advance } = limited();
    expect([take('a'), take('a'), take('a'), take('a')]).toEqual([0, 0, 0, 20]);
    advance(19);
    expect(take('a')).toBe(1);
    advance(1);
    expect([take('a'), take('a')]).toEqual([0, 20]);
    advance(3_600);
    expect([take('a'), take('a'), take('a'), take('a')]).toEqual([0, 0, 0, 20]);
  });

  test('counts each by itself, and what was refused not at all', () => {
    const { take, advance } = limited();
    for (let count = 0; count < 100; count++) take('a');
    expect(take('b')).toBe(0);
    advance(20);
    expect(take('a')).toBe(0);
  });

  test('remembers those who did something last', () => {
    const { take } = limited();
    for (let count = 0; count < 3; count++) take('a');
    for (let other = 0; other < 9_999; other++) take(`other ${other}`);
    expect(take('a')).toBeGreaterThan(0);
    take('one more');
    expect(take('a')).toBe(0);
  });
});
