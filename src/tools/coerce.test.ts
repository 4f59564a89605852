import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../core/json.ts';
import { coerceArguments } from './index.ts';

const coerceOne = (property: JsonObject, value: Json, required = true): Json | undefined =>
  coerceArguments(
    { type: 'object', properties: { it: property }, required: required ? ['it'] : [] },
    { it: value },
  ).it;

describe('a value is bent towards its schema', () => {
  test.each<[JsonObject, Json, Json]>([
    [{ type: 'integer' }, '5', 5],
    [{ type: 'integer' }, 5.9, 5],
    [{ type: 'number' }, ' 2.5 ', 2.5],
    [{ type: 'integer', minimum: 1, maximum: 20 }, 1e9, 20],
    [{ type: 'integer', minimum: 1, maximum: 20 }, '-3', 1],
    [{ type: 'boolean' }, 'True', true],
    [{ type: 'boolean' }, 0, false],
    [{ type: 'string' }, 42, '42'],
    [{ type: 'string' }, { a: [1] }, '{"a":[1]}'],
    [{ type: 'array', items: { type: 'integer' } }, '["1", 2]', [1, 2]],
    [{ type: 'array', items: { type: 'string' } }, 'one', ['one']],
    [{ type: 'object', properties: { n: { type: 'number' } } }, '{"n": "1", "x": 2}', { n: 1 }],
    [{ type: 'object', additionalProperties: { type: 'number' }, properties: {} }, { a: '1' }, { a: 1 }],
    [{ enum: ['now', 'parse'] }, 'NOW ', 'now'],
    [{ type: ['integer', 'null'] }, '7', 7],
    [{ anyOf: [{ type: 'boolean' }, { type: 'integer' }] }, '12', 12],
    [
      {
        oneOf: [
          { type: 'object', required: ['a'] },
          { type: 'object', required: ['b'] },
        ],
      },
      '{"b":1}',
      { b: 1 },
    ],
  ])('%j takes %j as %j', (schema, given, taken) => expect(coerceOne(schema, given)).toEqual(taken));

  test.each<[JsonObject, Json]>([
    [{ type: 'integer' }, 'five'],
    [{ type: 'integer' }, ''],
    [{ type: 'boolean' }, 'perhaps'],
    [{ type: 'object' }, '[1]'],
    [{ type: 'string' }, null],
    [{ enum: ['a'] }, 'b'],
  ])('%j leaves %j alone', (schema, given) => expect(coerceOne(schema, given)).toEqual(given));
});

describe('an optional argument counts as not given', () => {
  test.each<[JsonObject, Json]>([
    [{ type: 'integer', minimum: 1 }, 0],
    [{ type: 'integer', minimum: 1 }, '0'],
    [{ type: 'integer' }, null],
    [{ type: 'string' }, ''],
    [{ type: 'boolean' }, ''],
  ])('where %j is %j', (schema, given) => expect(coerceOne(schema, given, false)).toBeUndefined());

  test('but zero, false and null stay where they mean something', () => {
    expect(coerceOne({ type: 'integer', minimum: 0 }, 0, false)).toBe(0);
    expect(coerceOne({ type: 'boolean' }, false, false)).toBe(false);
    expect(coerceOne({ type: ['string', 'null'] }, null, false)).toBeNull();
    expect(coerceOne({ type: 'string' }, '', true)).toBe('');
  });
});

test('arguments that the schema does not know are dropped', () => {
  expect(
    coerceArguments({ properties: { a: { type: 'string' } } }, { a: 'x', b: 1, constructor: 2 }),
  ).toEqual({ a: 'x' });
});

test('names of every object are not taken for arguments', () => {
  const schema = { properties: { constructor: { type: 'string' }, toString: { type: 'string' } } };
  expect(coerceArguments(schema, {})).toEqual({});
});

test('never throws, and never invents an argument', () => {
  const type = fc.constantFrom(
    'string',
    'integer',
    'number',
    'boolean',
    'array',
    'object',
    'null',
    'nonsense',
  );
  const leaf = fc.record(
    { type: fc.oneof(type, fc.array(type)), minimum: fc.integer(), enum: fc.array(fc.jsonValue()) },
    { requiredKeys: [] },
  );
  const property = fc.oneof(
    leaf,
    fc.record({ anyOf: fc.array(leaf) }),
    fc.record({ type: fc.constant('array'), items: leaf }),
  );
  const schema = fc.record({
    properties: fc.dictionary(fc.string(), property),
    required: fc.array(fc.string()),
  });
  fc.assert(
    fc.property(schema, fc.dictionary(fc.string(), fc.jsonValue()), (rules, args) => {
      const plain = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value));
      const names = Object.keys(rules.properties);
      const given = Object.fromEntries(
        Object.values(args).map((value, at) => [names[at] ?? `x${at}`, value]),
      );
      const once = coerceArguments(plain(rules), plain(given));
      expect(() => JSON.stringify(once)).not.toThrow();
      for (const name of Object.keys(once)) expect(names).toContain(name);
    }),
  );
});
