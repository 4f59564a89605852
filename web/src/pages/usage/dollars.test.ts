import { expect, test } from 'vitest';
import { roundTop } from './axis.ts';
import { dollars } from './dollars.ts';

test('shows cents, and what is less than a cent as well', () => {
  expect(dollars(1.23456, 'en')).toBe('$1.23');
  expect(dollars(0, 'en')).toBe('$0.00');
  expect(dollars(0.01, 'en')).toBe('$0.01');
  expect(dollars(0.004213, 'en')).toBe('$0.0042');
  expect(dollars(0.000001, 'en')).toBe('$0.000001');
  expect(dollars(12_345, 'en')).toBe('$12,345.00');
});

test('ends a chart at a round number', () => {
  expect(roundTop([])).toBe(1);
  expect(roundTop([0, 0])).toBe(1);
  expect(roundTop([3, 1])).toBe(5);
  expect(roundTop([500])).toBe(500);
  expect(roundTop([501])).toBe(1000);
  expect(roundTop([0.0011])).toBe(0.002);
});
