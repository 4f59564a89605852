import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitText } from './split-text.ts';

test('cuts between paragraphs where it can', () => {
  const paragraph = 'word '.repeat(15).trim();
  const text = [paragraph, paragraph, paragraph].join('\n\n');
  expect(splitText(text, 200)).toEqual([`${paragraph}\n\n${paragraph}`, paragraph]);
});

test('loses nothing but blanks, keeps every piece within its limit, and ends', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.integer({ min: 16, max: 64 }),
      (text, most) => {
        const pieces = splitText(text, most);
        for (const piece of pieces) expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(most);
        expect(pieces.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
      },
    ),
  );
});

test('a text that has grown begins as before', () => {
  const text = 'A sentence that says something.\n\n'.repeat(40);
  const before = splitText(text, 300);
  const after = splitText(`${text}And one more.`, 300);
  expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
});
