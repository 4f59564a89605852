import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { readSchema } from './tool-schema.ts';

const read = (schema: unknown) => readSchema(JSON.stringify(schema));

/** A schema in a schema, so many levels deep. */
const nested = (levels: number): JsonObject =>
  levels === 0 ? { type: 'string' } : { properties: { a: nested(levels - 1) } };

describe('a schema is taken as it is', () => {
  test.each<[string, JsonObject]>([
    ['empty', {}],
    [
      'with all that can be in one',
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        required: ['a'],
        properties: {
          a: { type: ['string', 'null'], enum: ['x', null], default: 'x' },
          b: { type: 'array', items: { $ref: '#/$defs/point' }, prefixItems: [true] },
          type: { const: 'a field named like a keyword' },
        },
        additionalProperties: false,
        patternProperties: { '^x-': { not: { type: 'null' } } },
        anyOf: [{ required: ['a'] }, true],
        if: { properties: { a: { const: 'x' } } },
        else: { required: ['b'] },
        $defs: { point: { type: 'object', properties: { x: { type: 'number' } } } },
        'x-unknown': { type: 'whatever' },
      },
    ],
    ['that refers to itself', { type: 'object', properties: { next: { $ref: '#' } } }],
    [
      'of a tree with two kinds of nodes',
      {
        $defs: {
          node: { anyOf: [{ $ref: '#/$defs/list' }, { type: 'string' }] },
          list: { type: 'array', items: { $ref: '#/$defs/node' } },
        },
        properties: { root: { $ref: '#/$defs/node' } },
      },
    ],
    ['as deep as may be', nested(32)],
    [
      'with a name that has to be escaped',
      { $defs: { 'a/b~': {} }, properties: { x: { $ref: '#/$defs/a~1b~0' } } },
    ],
  ])('%s', (_, schema) => expect(read(schema)).toEqual({ ok: true, value: schema }));
});

describe('a mistake is named with its place', () => {
  test.each<[unknown, string]>([
    [[], 'is not a JSON object'],
    ['text', 'is not a JSON object'],
    [null, 'is not a JSON object'],
    [{ type: 'array' }, 'at $.type: must be "object"'],
    [{ type: ['object', 'null'] }, 'at $.type: must be "object"'],
    [{ type: 'text' }, 'at $.type: "text" is not a type'],
    [{ properties: { a: { type: ['string', 5] } } }, 'at $.properties.a.type: 5 is not a type'],
    [
      { properties: { a: 'string' } },
      'at $.properties.a: must be a schema, which is an object, true or false',
    ],
    [{ properties: { a: null } }, 'at $.properties.a: must be a schema, which is an object, true or false'],
    [{ properties: [] }, 'at $.properties: must be an object'],
    [{ $defs: 5 }, 'at $.$defs: must be an object'],
    [{ required: 'a' }, 'at $.required: must be a list of names'],
    [{ required: [1] }, 'at $.required: must be a list of names'],
    [{ properties: { a: { enum: 'x' } } }, 'at $.properties.a.enum: must be a list'],
    [{ anyOf: {} }, 'at $.anyOf: must be a list'],
    [{ anyOf: [true, { oneOf: 1 }] }, 'at $.anyOf[1].oneOf: must be a list'],
    [{ items: { items: 5 } }, 'at $.items.items: must be a schema, which is an object, true or false'],
    [{ not: { required: {} } }, 'at $.not.required: must be a list of names'],
    [
      { properties: { a: { $ref: 'https://example.com/s' } } },
      'at $.properties.a.$ref: may only point into the schema itself (#/…)',
    ],
    [{ $ref: 5 }, 'at $.$ref: may only point into the schema itself (#/…)'],
  ])('%j', (schema, error) => expect(read(schema)).toEqual({ ok: false, error }));

  test('and so is one too deep inside', () => {
    expect(read(nested(33))).toEqual({
      ok: false,
      error: `at $${'.properties.a'.repeat(33)}: is nested more than 32 levels deep`,
    });
  });
});

test('text that is no JSON, or too much of it, is refused', () => {
  expect(readSchema('{')).toEqual({ ok: false, error: 'is not JSON' });
  expect(readSchema('')).toEqual({ ok: false, error: 'is not JSON' });
  const full = `{"title":"${'x'.repeat(64 * 1024 - 12)}"}`;
  expect(readSchema(full)).toMatchObject({ ok: true });
  expect(readSchema(`${full} `)).toEqual({ ok: false, error: 'has 65537 characters; 65536 are allowed' });
});

test('a small text that means a great many schemas is refused, in no time', () => {
  const level = (at: number): JsonObject => ({
    anyOf: [{ $ref: `#/$defs/l${at + 1}` }, { $ref: `#/$defs/l${at + 1}` }],
  });
  // 2^60 schemas: who unfolds them all does not come back.
  const $defs = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`l${at}`, level(at)]));
  const error = 'unfolds, reference by reference, to too many schemas';
  expect(read({ $defs, $ref: '#/$defs/l0' })).toEqual({ ok: false, error });
  const circles = Object.fromEntries(
    Array.from({ length: 20 }, (_, at) => [
      `c${at}`,
      { anyOf: Array.from({ length: 20 }, (_unused, other) => ({ $ref: `#/$defs/c${other}` })) },
    ]),
  );
  expect(read({ $defs: circles, $ref: '#/$defs/c0' })).toEqual({ ok: false, error });
});
