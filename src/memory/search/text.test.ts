import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../storage/index.ts';
import { openMemoryDatabase } from '../../storage/testing/memory-database.ts';
import { findByWords, letterCandidates, MOST_OF_A_TERM, scoresOf, termsOf, textCandidates } from './text.ts';

let database: Database;
beforeAll(async () => {
  database = await openMemoryDatabase();
  for (const [path, content] of Object.entries(DOCUMENTS)) await write(path, content);
});
afterAll(() => database.close());

const DOCUMENTS = {
  'projects/beta.md': 'Beta ships in autumn. Carol runs the deployments, and the cities are chosen by her.',
  'projects/ids.md':
    'The invoice INV-2041 went to a.b.c@x.org; the code lies in foo_bar under /srv/data/v2.1 today.',
  'notes/german.md': 'Wir haben die Wohnungen in der Straße nach Größe geordnet, und das war nicht leicht.',
  'notes/french.md': 'Nous avons pris un café avec les enfants dans une maison près de la rivière.',
  'notes/spanish.md': 'La educación de los niños es muy importante para el futuro de las familias.',
  'notes/russian.md': 'Мы купили новую квартиру на тихой улице, и ёлка стоит у окна.',
  'notes/greek.md': 'Ο Αλέξανδρος πίνει καφέ στην Αθήνα κάθε πρωί.',
  'notes/turkish.md': 'Bu toplantı İstanbul için çok önemli ve kitaplar masada.',
  'notes/japanese.md': '来週、東京タワーに行きました。予約番号は四二です。',
  'notes/chinese.md': '我们明天去上海博物馆参观。',
  'notes/korean.md': '내일 서울에서 회의가 있습니다.',
  'notes/thai.md': 'พรุ่งนี้เราจะไปประชุมที่กรุงเทพ',
  'notes/wide.md': 'ＦＵＬＬ width ﬁgures.',
  'notes/band.md': 'To be, or not to be, that is the question. The Who played.',
} as const;

function write(path: string, content: string): Promise<unknown> {
  return database.query(
    'insert into memory_document (path, content, created_at, updated_at) values ($1, $2, now(), now())',
    [path, content],
  );
}

const paths = async (query: string, folder?: string): Promise<readonly string[]> => {
  const found = await textCandidates(database, query, { limit: 20, ...(folder !== undefined && { folder }) });
  return found.map(({ path }) => path);
};

test.each([
  ['other forms of a word', 'deploying city', 'projects/beta.md'],
  ['a word of the path', 'beta', 'projects/beta.md'],
  ['a number with its letters', 'inv-2041', 'projects/ids.md'],
  ['a part of a number', '2041', 'projects/ids.md'],
  ['a mail address', 'A.B.C@X.ORG', 'projects/ids.md'],
  ['a name in code', 'foo_bar', 'projects/ids.md'],
  ['a part of a name in code', 'bar', 'projects/ids.md'],
  ['a version', 'v2.1', 'projects/ids.md'],
  ['German', 'Wohnung', 'notes/german.md'],
  ['a German word with another spelling', 'strasse grosse', 'notes/german.md'],
  ['French', 'enfant', 'notes/french.md'],
  ['a word without its accent', 'cafe', 'notes/french.md'],
  ['a word whose accent changes its stem', 'educacion', 'notes/spanish.md'],
  ['the same with its accent', 'EDUCACIÓN', 'notes/spanish.md'],
  ['Russian', 'новая квартира', 'notes/russian.md'],
  ['Russian without its dots', 'елки', 'notes/russian.md'],
  ['Greek in capitals', 'ΑΘΗΝΑ', 'notes/greek.md'],
  ['Turkish', 'kitap', 'notes/turkish.md'],
  ['Japanese', '東京タワー', 'notes/japanese.md'],
  ['one sign', '約', 'notes/japanese.md'],
  ['Chinese', '博物馆', 'notes/chinese.md'],
  ['Korean', '회의', 'notes/korean.md'],
  ['Thai', 'กรุงเทพ', 'notes/thai.md'],
  ['letters of full width', 'full figures', 'notes/wide.md'],
  ['the beginning of a word', 'depl', 'projects/beta.md'],
  ['a part of a word', 'eploymen', 'projects/beta.md'],
  ['nothing but small words', 'to be or not to be', 'notes/band.md'],
])('finds %s', async (_what, query, path) => expect((await paths(query))[0]).toBe(path));

test('a word that is rare counts for more than one that is frequent', async () => {
  for (let at = 0; at < 8; at++) await write(`many/${at}.md`, `The boat ${at} of the harbour.`);
  await write('many/rare.md', 'The lighthouse and a hill.');
  expect((await paths('boat harbour lighthouse', 'many'))[0]).toBe('many/rare.md');
});

test('a folder holds what lies beneath it, and nothing that only begins like it', async () => {
  await write('notes2/other.md', 'A walrus.');
  await write('notes/deep/er.md', 'A walrus.');
  expect(await paths('walrus', 'notes')).toEqual(['notes/deep/er.md']);
  expect(await paths('walru', 'notes2')).toEqual(['notes2/other.md']);
  expect(await paths('alrus', 'notes2')).toEqual(['notes2/other.md']);
});

describe('a query', () => {
  test.each([
    ['', 0],
    ['   ', 0],
    ['%_\\', 0],
    ["'; drop table memory_chunk; --", 0],
    ['"', 0],
    ['q\0z \ud800', 0],
    ['xylophone', 0],
  ])('%j finds nothing and does no harm', async (query, count) =>
    expect(await paths(query)).toHaveLength(count),
  );

  test('of any length is cut to 64 terms', async () => {
    const words = Array.from({ length: 20_000 }, (_, at) => `w${at}`).join(' ');
    expect((await findByWords(database, words, { limit: 1 })).terms.length).toBeLessThanOrEqual(64);
    expect(await paths(`Carol ${'日'.repeat(100_000)}`)).toContain('projects/beta.md');
    expect(await paths('x'.repeat(100_000))).toEqual([]);
  });

  test('tells of its terms which word each comes from', async () => {
    const { terms } = await findByWords(database, 'Carol the educación', { limit: 1 });
    expect(terms.find(({ term }) => term === 'carol')).toMatchObject({ term: 'carol', weight: 1, at: 1 });
    expect(terms.filter(({ at }) => at === 3).map(({ term }) => term)).toContain('educacion');
    expect(terms.some(({ term }) => term === 'the')).toBe(false);
  });
});

test('chunks are scored by other terms, by what these gain', async () => {
  const { candidates, terms } = await findByWords(database, 'Carol invoice', { limit: 5 });
  const ids = candidates.map(({ chunkId }) => chunkId);
  const best = async (gains: Readonly<Record<string, number>>): Promise<string | undefined> => {
    const given = Object.entries(gains).map(([term, gain]) => ({ term, gain }));
    const scores = await scoresOf(database, ids, given);
    return candidates.toSorted((a, b) => (scores.get(b.chunkId) ?? 0) - (scores.get(a.chunkId) ?? 0))[0]
      ?.path;
  };
  expect(await best({ carol: 1, invoic: 3 })).toBe('projects/ids.md');
  expect(await best({ carol: 3, invoic: 1 })).toBe('projects/beta.md');
  expect(await scoresOf(database, ids, [])).toEqual(new Map());

  const same = await scoresOf(
    database,
    ids,
    terms.map(({ term, weight, idf }) => ({ term, gain: MOST_OF_A_TERM * weight * idf })),
  );
  for (const { chunkId, score } of candidates) expect(same.get(chunkId)).toBeCloseTo(score, 6);
});

test('the terms of chunks come with their counts and how rare they are', async () => {
  await write('terms/a.md', 'Otter otter, and a boat.');
  await write('terms/b.md', 'Otter and a boat.');
  const chunkIds = (await textCandidates(database, 'otter', { limit: 5 })).map(({ chunkId }) => chunkId);
  const [first] = (await termsOf(database, chunkIds)).filter(({ terms }) =>
    terms.some(({ count }) => count > 1),
  );
  const otter = first?.terms.find(({ term }) => term === 'otter');
  const boat = first?.terms.find(({ term }) => term === 'boat');
  expect(otter?.count).toBe(2);
  expect(otter?.idf ?? 0).toBeGreaterThan(boat?.idf ?? 9);
  expect(await termsOf(database, [])).toEqual([]);
});

test('letter by letter, the very words in their order come first', async () => {
  const found = await letterCandidates(database, 'the who', { limit: 3 });
  expect(found[0]).toMatchObject({ path: 'notes/band.md', score: 1 });
});

test('what is found does not depend on how large the index is', async () => {
  const before = await textCandidates(database, 'Carol', { limit: 5 });
  await database.transaction(async (tx) => {
    // A chunk a long way off: bands between them hold nothing.
    await tx.query(`select setval(pg_get_serial_sequence('memory_chunk', 'id'), 5000000)`);
    await tx.query(
      `insert into memory_document (path, content, created_at, updated_at) values ('far.md', 'Carol again.', now(), now())`,
    );
    const after = await textCandidates(tx, 'Carol', { limit: 5 });
    expect(after.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['far.md', ...before.map(({ path }) => path)]),
    );
  });
});
