import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createVisibleText } from './visible-text.ts';

function visible(pieces: readonly string[], holdCalls = false): { shown: string; all: string } {
  const text = createVisibleText({ holdCalls });
  const shown = pieces.map((piece) => text.push(piece)).join('');
  return { shown, all: shown + text.end() };
}

test.each([
  ['<think>hm</think>Yes.', 'Yes.'],
  ['<think>\nhm\n</think>\n\nYes.', 'Yes.'],
  ['  <THINKING>hm</Thinking> Yes.', '  Yes.'],
  ['First.\n<think>hm</think>\nThen.', 'First.\nThen.'],
  ['<think>a</think>One. <think>b</think>Two.', 'One. Two.'],
  ['Sure. <think>hm</think>Yes.', 'Sure. Yes.'],
  ['<think>cut off in the middle of a th', ''],
  ['Use the `<think>` tag.', 'Use the `<think>` tag.'],
  ['The <think> tag opens a thought.', 'The <think> tag opens a thought.'],
  ['```xml\n<think>example</think>\n```\nSo.', '```xml\n<think>example</think>\n```\nSo.'],
  ['<thin and </think> are nothing', '<thin and </think> are nothing'],
  ['a < b and <', 'a < b and <'],
])('%j is seen as %j', (text, expected) => {
  expect(visible([text]).all).toBe(expected);
  expect(visible([...text]).all).toBe(expected);
});

test('text is held back no longer than it may be a tag', () => {
  const text = createVisibleText({ holdCalls: true });
  expect(text.push('Hello <')).toBe('Hello ');
  expect(text.push('b> there')).toBe('<b> there');
});

test('a call that begins a line is held back until the end, elsewhere it is text', () => {
  const call = 'So.\n<tool_call>{"name": "x"}</tool_call>';
  expect(visible([...call], true)).toEqual({ shown: 'So.\n', all: call });
  expect(visible([call]).shown).toBe(call);
  expect(visible(['Write <tool_call> first.'], true).shown).toBe('Write <tool_call> first.');
});

test('however a text is cut into pieces, the same of it is seen', () => {
  const part = fc.constantFrom(
    '<think>',
    '</think>',
    '<thinking>',
    '</thinking>',
    '```',
    '`',
    '\n',
    ' ',
    'a',
    '<',
  );
  const texts = fc.array(fc.oneof(part, fc.string({ maxLength: 3 }))).map((parts) => parts.join(''));
  fc.assert(
    fc.property(texts, fc.array(fc.nat({ max: 60 })), fc.boolean(), (text, cuts, holdCalls) => {
      const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
      const pieces = places.slice(1).map((to, at) => text.slice(places[at], to));
      expect(visible(pieces, holdCalls).all).toBe(visible([text], holdCalls).all);
    }),
    { numRuns: 1000 },
  );
});

test('what holds no tag is seen as it is', () => {
  const plain = fc.array(fc.string().map((text) => text.replaceAll('<', '')));
  fc.assert(
    fc.property(plain, (pieces) => {
      expect(visible(pieces, true).all).toBe(pieces.join(''));
    }),
  );
});
