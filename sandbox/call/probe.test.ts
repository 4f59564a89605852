import { expect, test } from 'vitest';
import { testContext } from '../../src/tools/testing.ts';
import { openStage, toolWith } from './testing/stage.ts';
test('x', async () => {
  const clean = { verdict: 'clean' as const, findings: [] };
  const stage = await openStage({ leaks: { scan: () => clean, scanLong: async () => clean, redact: (t) => t } });
  const outcome = await stage.call(toolWith(), { caller: testContext({ signal: AbortSignal.abort() }) });
  console.log(stage.guests.length, outcome.end);
});
test('branching recursion', async () => {
  const { checkParams } = await import('./params.ts');
  const { readSchema } = await import('../shelf/tool-schema.ts');
  const schema = JSON.stringify({ type: 'object', anyOf: [{ properties: { a: { $ref: '#' }, x: {type:'string'} } }, { properties: { a: { $ref: '#' } } }] });
  const read = readSchema(schema);
  console.log(read.ok);
  if (!read.ok) return;
  for (const depth of [8, 12, 14, 16]) {
    let value: any = {};
    for (let i = 0; i < depth; i++) value = { a: value };
    const t = performance.now();
    checkParams('x', read.value, value, 1e6);
    console.log(depth, performance.now() - t);
  }
});
test('refs', async () => {
  const { checkParams } = await import('./params.ts');
  for (const schema of [
    { type: 'object', properties: { a: { $ref: '#/$defs/none' } } },
    { type: 'object', properties: { a: { $ref: '#/oneOf/0' } }, oneOf: [{}] },
    { type: 'object', properties: { a: { $ref: '#/patternProperties/b' } }, patternProperties: { b: { type: 'string' } } },
    { type: 'object', properties: { a: { $ref: '#name' } }, $defs: { n: { $anchor: 'name', type: 'string' } } },
    { type: 'object', properties: { a: { $ref: '#/$defs/%25b' } }, $defs: { '%b': { type: 'string' } } },
    { type: 'object', properties: { a: { $ref: '#/$defs/a b' } }, $defs: { 'a b': { type: 'string' } } },
    { $id: 'https://x.example/s', type: 'object', properties: { a: { $ref: '#/$defs/b' } }, $defs: { b: { $id: 'b', type: 'string' } } },
    { type: 'object', properties: { a: { $recursiveRef: '#' } } },
    { type: 'object', properties: { a: { $dynamicRef: '#foo' } } },
    { type: 'object', properties: { a: { type: 'string', minLength: 'x' } } },
    { type: 'object', properties: { a: { enum: 'x' } } },
    { type: 'object', properties: { a: { dependentRequired: 3 } } },
    { type: 'object', properties: { a: { type: 'string' } }, dependentRequired: {a: 5} },
    { type: 'object', dependencies: {a: 5} },
    { type: 'object', required: {}, },
    { type: 'object', allOf: [5] },
    { type: 'object', properties: { a: { items: [5] } } },
    { type: 'object', properties: { a: { anyOf: [] } } },
    { type: 'object', unevaluatedProperties: 5 },
    { type: 'object', dependentSchemas: {a: 5} },
    { type: 'object', dependentSchemas: 5 },
    { type: 'object', properties: { a: null } },
    { type: 'object', __absolute_uri__: 5, __absolute_ref__: 'x' },
  ] as any[]) {
    for (const params of [{ a: 'x' }, {a: [1]}, {a: {}}]) {
    try { console.log(JSON.stringify(schema), JSON.stringify(params), JSON.stringify(checkParams('x', schema, params as any, 1e6))); } catch (e) { console.log(JSON.stringify(schema), JSON.stringify(params), 'THROWS', String(e).slice(0, 100)); } }
  }
});
