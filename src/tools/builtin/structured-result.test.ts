import { describe, expect, test } from 'vitest';
import type { Json } from '../../core/json.ts';
import { callTool } from '../testing.ts';
import { structuredResultTool } from './structured-result.ts';

const SCHEMA = {
  type: 'object',
  required: ['items'],
  properties: {
    items: {
      type: 'array',
      items: { type: 'object', required: ['price'], properties: { price: { type: 'number' } } },
    },
    note: { type: 'string', pattern: '^(a+)+$' },
  },
  additionalProperties: false,
};

const hand = (value: Json, schema?: Json) =>
  callTool([structuredResultTool()], 'structured_result', { value, ...(schema !== undefined && { schema }) });

describe('structured_result', () => {
  test('gives back the value as plain JSON, whether it came as text or not', async () => {
    const value = { items: [{ price: 1 }] };
    const canonical = JSON.stringify(value);
    for (const given of [value, JSON.stringify(value, undefined, 2)]) {
      expect(await hand(given, SCHEMA)).toEqual({ ok: true, content: canonical });
      expect(await hand(given, JSON.stringify(SCHEMA))).toEqual({ ok: true, content: canonical });
      expect(await hand(given)).toEqual({ ok: true, content: canonical });
    }
  });

  test('says where the value does not fit', async () => {
    const output = await hand({ items: [{ price: 1 }, { price: 'two' }] }, SCHEMA);
    expect(output.ok).toBe(false);
    expect(output.content).toContain('#/items/1/price');
    expect((await hand({}, SCHEMA)).content).toContain('items');
    expect((await hand({ items: [], more: 1 }, SCHEMA)).content).toContain('more');
  });

  test('takes a text for a text', async () => {
    expect(await hand('sunny', { type: 'string' })).toEqual({ ok: true, content: '"sunny"' });
    expect(await hand('42', { type: 'string' })).toEqual({ ok: true, content: '"42"' });
    expect((await hand('sunny', { type: 'number' })).content).toContain('not JSON');
    expect((await hand('{"a":', undefined)).content).toContain('not JSON');
  });

  test('is not held up by a schema, whatever stands in it', async () => {
    expect((await hand({ items: [], note: `${'a'.repeat(50_000)}!` }, SCHEMA)).ok).toBe(true);
    const endless = { $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' };
    expect((await hand({}, endless)).content).toContain('cannot be applied');
    expect((await hand({}, 'no schema')).content).toContain('not a JSON object');
    const large = { enum: Array.from({ length: 1_000 }, (_, at) => at) };
    expect(
      (
        await hand(
          Array.from({ length: 1_000 }, () => 1),
          large,
        )
      ).content,
    ).toContain('too large');
  });
});
