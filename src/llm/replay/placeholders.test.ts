import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillPlaceholders } from './placeholders.ts';

const results: Readonly<Record<string, string>> = {
  job: '{"id": "j-1", "steps": [{"name": "build"}], "count": 3, "none": null}',
  plain: 'not json',
  'a.b': '{"c": "dotted"}',
};
const resultOf = (callId: string): string | undefined =>
  Object.hasOwn(results, callId) ? results[callId] : undefined;
const fill = (text: string) => fillPlaceholders({ value: text }, resultOf).value;

test('a path into a JSON result', () => {
  expect(fill('{{job.id}}')).toBe('j-1');
  expect(fill('cancel {{ job.id }} at {{job.steps.0.name}}')).toBe('cancel j-1 at build');
  expect(fill('{{job.count}}')).toBe('3');
  expect(fill('{{a.b.c}}')).toBe('dotted');
});

test('a bare call id is the whole result', () => {
  expect(fill('{{plain}}')).toBe('not json');
  expect(fill('<{{plain}}>')).toBe('<not json>');
});

test('a placeholder alone can stand for a structure', () => {
  expect(fill('{{job.steps}}')).toEqual([{ name: 'build' }]);
  expect(fill('see {{job.steps}}')).toBe('see [{"name":"build"}]');
});

test('it reaches into nested arguments', () => {
  expect(fillPlaceholders({ list: [{ id: '{{job.id}}' }], n: 1 }, resultOf)).toEqual({
    list: [{ id: 'j-1' }],
    n: 1,
  });
});

test.each(['{{unknown.id}}', '{{job.missing}}', '{{plain.x}}', '{{job', '{{}}'])(
  '%s stays as it is',
  (text) => {
    expect(fill(text)).toBe(text);
  },
);

test('text without braces is never changed', () => {
  const text = fc.string().filter((text) => !text.includes('{{'));
  fc.assert(fc.property(text, (text) => void expect(fill(text)).toBe(text)));
});
