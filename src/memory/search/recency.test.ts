import { expect, test } from 'vitest';
import { faded } from './recency.ts';

const DAY_MS = 86_400_000;

test('after its half-life a text counts half', () => expect(faded(0.8, 30 * DAY_MS, 30)).toBeCloseTo(0.4));
test('one from the future counts as new', () => expect(faded(0.8, -DAY_MS, 30)).toBe(0.8));
