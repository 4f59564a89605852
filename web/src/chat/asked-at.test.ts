import { expect, test } from 'vitest';
import { askedAt } from './asked-at.ts';

test.each([
  ['/', { kind: 'command', word: '', from: 0 }],
  ['/und', { kind: 'command', word: 'und', from: 0 }],
  ['see @not', { kind: 'mention', word: 'not', from: 4 }],
  ['@', { kind: 'mention', word: '', from: 0 }],
])('%j asks for completions', (text, asked) => {
  expect(askedAt(text, text.length)).toEqual(asked);
});

test.each(['/undo 2', 'a /b', 'mail me at a@b.example', 'x', ''])('%j asks for none', (text) => {
  expect(askedAt(text, text.length)).toBeUndefined();
});
