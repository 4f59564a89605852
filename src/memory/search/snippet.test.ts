import { expect, test } from 'vitest';
import { snippetOf } from './snippet.ts';

const marked = (text: string, ...terms: string[]): readonly string[] => {
  const { snippet, highlights } = snippetOf(text, terms);
  return highlights.map(([start, end]) => snippet.slice(start, end));
};

test('a short text is shown whole', () => {
  expect(snippetOf(' Tea is in the cupboard.\n', ['tea']).snippet).toBe('Tea is in the cupboard.');
});

test.each([
  [['carol', 'deploy'], 'Beta ships in autumn. Carol runs the deployments.', ['Carol', 'deployments']],
  [['citi'], 'The city, and cities.', ['city', 'cities']],
  [['cafe', 'strasse'], '  Im Café an der Straße', ['Café', 'Straße']],
  [['タワ', 'ワー', 'タ', 'ワ'], '東京タワーに行きました', ['タワー']],
  [['go'], 'Gone to go', ['go']],
  [['tea'], 'teapots', ['teapots']],
  [['art'], 'articulately', []],
])('of the terms %j, it marks the words in "%s"', (terms, text, words) => {
  expect(marked(text, ...terms)).toEqual(words);
});

test('of a long text, the part with the most different terms is shown, cut between words', () => {
  const filler = 'filler of no interest, '.repeat(60);
  const text = `tea ${filler} The tea is beside the coffee. ${filler}`;
  const { snippet, highlights } = snippetOf(text, ['tea', 'coffe'], 200);
  expect(snippet.length).toBeLessThanOrEqual(202);
  expect(snippet).toMatch(/^…(filler|of|no|interest,) .* tea is beside the coffee\. .*\w…$/);
  expect(highlights.map(([start, end]) => snippet.slice(start, end))).toEqual(['tea', 'coffee']);
});

test('a long text without the terms shows its beginning, and no half of a sign', () => {
  expect(snippetOf('👊'.repeat(500), ['tea'], 101).snippet).toBe(`${'👊'.repeat(50)}…`);
});
