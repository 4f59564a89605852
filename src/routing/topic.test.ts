import { describe, expect, test } from 'vitest';
import { topicOf } from './index.ts';

const words = (text: string, kind?: string) =>
  topicOf(text)
    .words.filter((word) => kind === undefined || word.kind === kind)
    .map((word) => word.text);

test('a topic is what is left without small words, names first', () => {
  const text = "Please check the reference number of the hotel for Anna's wedding";
  expect(words(text)).toEqual(['anna', 'reference', 'hotel', 'wedding', 'check']);
});

describe('a name', () => {
  test('is a capital that grammar does not ask for', () => {
    expect(words('Where does Anna live?', 'name')).toEqual(['anna']);
    expect(words('Wann hat Hanna Zeit für die Wohnung?', 'name')).toContain('hanna');
    expect(words('Wann hat Hanna Zeit für die Wohnung?', 'name')).not.toContain('wohnung');
  });

  test('that everybody knows is none', () => {
    expect(words('How many people live in France?', 'name')).toEqual([]);
  });
});

test('code and quotations are not what a message is about', () => {
  expect(words('Why does this fail?\n```js\nAnna.call()\n```')).toEqual(['fail']);
});

test('where nothing parts the words, a dictionary does', () => {
  expect(words('妹の誕生日はいつですか?')).toContain('妹');
  expect(words('我妹妹的生日是哪天?')).toContain('生日');
});

test('how the world is, and what is spoken of as known, are told apart', () => {
  for (const text of ['How does a boiler work?', 'What is the capital of Peru?', '什么是光合作用?'])
    expect(topicOf(text)).toMatchObject({ isGeneral: true });
  expect(topicOf('When was the boiler repaired?')).toMatchObject({ isGeneral: false, isDefinite: true });
});
