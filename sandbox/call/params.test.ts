import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { checkParams } from './params.ts';

const check = (schema: JsonObject, params: JsonObject, maxBytes = 10_000) =>
  checkParams('probe', schema, params, maxBytes);

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  ...more,
});

const TEXT = { type: 'string' };

function taken(schema: JsonObject, params: JsonObject): Json {
  const checked = check(schema, params);
  return checked.ok ? JSON.parse(checked.value) : checked.error.message;
}

describe('arguments are taken', () => {
  test.each<[string, JsonObject, JsonObject, Json]>([
    ['as they are', object({ q: TEXT }), { q: 'x' }, { q: 'x' }],
    ['without a schema', {}, { a: [1] }, { a: [1] }],
    ['bent: a number', object({ n: { type: 'integer' } }), { n: '5' }, { n: 5 }],
    ['bent: a list of one', object({ l: { type: 'array', items: TEXT } }), { l: 'x' }, { l: ['x'] }],
    ['bent: letter case', object({ e: { enum: ['open', 'closed'] } }), { e: 'OPEN' }, { e: 'open' }],
    ['without an optional null', object({ q: TEXT }), { q: null }, {}],
    ['with what is not listed', object({ q: TEXT }), { q: 'x', page: 2 }, { q: 'x', page: 2 }],
    ['with a field named like a keyword', object({ pattern: TEXT }), { pattern: '(' }, { pattern: '(' }],
    [
      'with a field that is called __proto__',
      {},
      JSON.parse('{"__proto__":1}'),
      JSON.parse('{"__proto__":1}'),
    ],
  ])('%s', (_, schema, params, wanted) => expect(taken(schema, params)).toEqual(wanted));

  test('without what is not listed where the schema will have nothing else', () => {
    expect(taken(object({ q: TEXT }, { additionalProperties: false }), { q: 'x', page: 2 })).toEqual({
      q: 'x',
    });
  });

  test('where several alternatives fit at once, in whatever depth', () => {
    const overlapping = { oneOf: [object({ a: TEXT }), object({ b: TEXT })] };
    expect(taken({ type: 'object', ...overlapping }, { a: 'x', b: 'y' })).toEqual({ a: 'x', b: 'y' });
    expect(taken(object({ inner: overlapping }), { inner: { a: 'x' } })).toEqual({ inner: { a: 'x' } });
    expect(taken({ type: 'object', oneOf: [{ required: ['a'] }, { required: ['b'] }] }, { c: 1 })).toMatch(
      /Correct the arguments/,
    );
  });

  test('by references into the schema itself', () => {
    const schema = object(
      { at: { $ref: '#/$defs/point' } },
      { $defs: { point: object({ x: { type: 'number' } }) } },
    );
    expect(taken(schema, { at: { x: 1 } })).toEqual({ at: { x: 1 } });
    expect(taken(schema, { at: { x: 'here' } })).toMatch(/#\/at\/x/);
    const tree = object({ next: { $ref: '#' }, name: TEXT });
    expect(taken(tree, { next: { next: { name: 'leaf' } } })).toEqual({ next: { next: { name: 'leaf' } } });
    expect(taken(tree, { next: { next: { name: [] } } })).toMatch(/#\/next\/next\/name/);
  });
});

describe('the regular expressions of a stranger are not tried', () => {
  const endless = '^(a+)+$';
  test.each<[string, JsonObject]>([
    ['pattern', object({ q: { type: 'string', pattern: endless } })],
    ['patternProperties', { type: 'object', patternProperties: { [endless]: TEXT } }],
    ['inside of alternatives', { type: 'object', anyOf: [object({ q: { pattern: endless } })] }],
    ['behind a reference', object({ q: { $ref: '#/$defs/s' } }, { $defs: { s: { pattern: endless } } })],
    ['in items', object({ q: { items: { pattern: endless } } })],
    ['in what is not listed', { type: 'object', additionalProperties: { pattern: endless } }],
    ['one that is none', object({ q: { pattern: '(' } })],
    ['a format', object({ q: { format: 'email' } })],
  ])('%s', (_, schema) => {
    // Each further letter would double the time of a pattern that is tried: this many take years.
    const q = `${'a'.repeat(64)}!`;
    expect(taken(schema, { q, [q]: 'x' })).toEqual(expect.objectContaining({ q }));
  });
});

describe('a refusal', () => {
  test.each<[string, JsonObject, JsonObject, RegExp]>([
    ['what is missing', object({ q: TEXT }, { required: ['q'] }), {}, /"q"/],
    [
      'the place',
      object({ a: object({ b: { type: 'integer' } }) }),
      { a: { b: 'x' } },
      /#\/a\/b: .*"integer"/,
    ],
    ['the choice there is', object({ e: { enum: ['on', 'off'] } }), { e: 'maybe' }, /#\/e: .*"on","off"/],
  ])('names %s', (_, schema, params, words) => {
    const checked = check(schema, params);
    expect(checked).toMatchObject({ ok: false, error: { rule: 'params' } });
    expect(checked.ok ? '' : checked.error.message).toMatch(words);
    expect(checked.ok ? '' : checked.error.message).toMatch(
      /^probe was not run: .* Correct the arguments\.$/,
    );
  });

  test('says how much the arguments may have, counted in bytes as they are sent', () => {
    const [fits, over] = ['ä'.repeat(4), 'ä'.repeat(5)].map((q) => check({}, { q }, 16));
    expect(fits).toEqual({ ok: true, value: '{"q":"ääää"}' });
    expect(over).toEqual({
      ok: false,
      error: { rule: 'params-too-large', message: 'probe was not run: its arguments may have 16 bytes.' },
    });
  });

  test.each<[string, JsonObject]>([
    ['a reference that leads nowhere', object({ q: { $ref: '#/$defs/none' } })],
    ['a list that is none', object({ q: TEXT }, { dependentRequired: { q: 5 } })],
  ])('leaves to the guest what it cannot check: %s', (_, schema) => {
    expect(check(schema, { q: 'x' })).toEqual({ ok: true, value: '{"q":"x"}' });
  });

  test('gives up on a schema whose cost doubles with each level of the arguments', () => {
    const again = { properties: { a: { $ref: '#' } } };
    const deep = Array.from({ length: 40 }).reduce<JsonObject>((inner) => ({ a: inner }), {});
    expect(check({ anyOf: [again, again] }, deep)).toMatchObject({ ok: true });
  });

  test('gives up where too many schemas would be held against too many values', () => {
    const many = { items: { allOf: Array.from({ length: 500 }, () => ({ type: 'number' })) } };
    const list = Array.from({ length: 200 }, () => 'x');
    expect(check(object({ list: many }), { list })).toMatchObject({ ok: true });
  });
});
