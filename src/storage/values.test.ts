import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeValue, encodeValue, type WireValue } from './values.ts';

const TEXT_ARRAY = 1009;
const FLOAT_ARRAY = 1022;
const TIMESTAMPTZ = 1184;

const textOf = (value: WireValue): string | null => (typeof value === 'string' ? value : null);

test('any list of texts reads back as it was written', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
      expect(decodeValue(TEXT_ARRAY, textOf(encodeValue(texts)))).toEqual(texts);
    }),
  );
});

test('any list of numbers reads back as it was written', () => {
  const numbers = fc.array(fc.double({ noNaN: true }).map((number) => number + 0));
  fc.assert(
    fc.property(numbers, (list) => {
      expect(decodeValue(FLOAT_ARRAY, textOf(encodeValue(list)))).toEqual(list);
    }),
  );
});

test.each([
  ['2025-01-02 03:04:05+00', '2025-01-02T03:04:05.000Z'],
  ['2025-01-02 03:04:05.678901+05:30', '2025-01-01T21:34:05.678Z'],
  ['12025-01-02 03:04:05-07', '+012025-01-02T10:04:05.000Z'],
  ['0044-03-15 12:00:00+00 BC', '-000043-03-15T12:00:00.000Z'],
])('the time %s is %s', (text, iso) => {
  const value = decodeValue(TIMESTAMPTZ, text);
  expect(value instanceof Date && value.toISOString()).toBe(iso);
});
