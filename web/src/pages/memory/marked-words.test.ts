import { expect, test } from 'vitest';
import { markedRanges, markedWords } from './marked-words.ts';

const marked = (text: string, query: string) =>
  markedWords(text, query).map(({ text, isMarked }) => (isMarked ? `[${text}]` : text));

test('marks words that a word of the query begins, whatever their case and accents', () => {
  expect(marked('The Gardener waters the garden.', 'garden')).toEqual([
    'The ',
    '[Gardener]',
    ' waters the ',
    '[garden]',
    '.',
  ]);
  expect(marked('Café crème', 'cafe creme').join('')).toBe('[Café] [crème]');
});

test('marks short words only where they stand alone', () => {
  expect(marked('a cat and Ada', 'a').join('')).toBe('[a] cat and Ada');
});

test('keeps every character of the text', () => {
  const text = 'x < y & "z" — 日本語 \u{1f600} end';
  expect(
    markedWords(text, 'z end 日本語')
      .map((piece) => piece.text)
      .join(''),
  ).toBe(text);
  expect(markedWords(text, ' ?! ')).toEqual([{ text, isMarked: false }]);
});

test('marks ranges once each, whatever their order, and nothing beyond the text', () => {
  const pieces = markedRanges('one two three', [
    [8, 99],
    [0, 3],
    [1, 5],
    [20, 30],
  ]);
  expect(pieces.map(({ text, isMarked }) => (isMarked ? `[${text}]` : text))).toEqual([
    '[one]',
    '[ t]',
    'wo ',
    '[three]',
  ]);
});
