import { expect, test } from 'vitest';
import { rank } from './rank.ts';

const command = (title: string, group: string, words = '') => ({ id: title, title, group, words, run() {} });
const COMMANDS = [
  command('Chat', 'Pages'),
  command('Memory', 'Pages'),
  command('Dark colours', 'Actions', 'theme'),
  command('Remember the milk', 'Conversations'),
];
const titles = (query: string) => rank(COMMANDS, query).map(({ title }) => title);

test('every word must fit; what begins so comes first; other words find it too', () => {
  expect(titles('')).toEqual(COMMANDS.map(({ title }) => title));
  expect(titles('mem')).toEqual(['Memory', 'Remember the milk']);
  expect(titles('the milk')).toEqual(['Remember the milk']);
  expect(titles('theme')).toEqual(['Dark colours']);
  expect(titles('milk chat')).toEqual([]);
});
