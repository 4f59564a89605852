import { array, assert, asyncProperty, constantFrom, nat, oneof, record } from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Origin } from '../../core/journal.ts';
import type { MemorySource } from '../../core/memory.ts';
import type { Database } from '../../storage/index.ts';
import { openMemoryDatabase } from '../../storage/testing/memory-database.ts';
import { type Change, createMemory, explain, type Memory } from '../index.ts';
import { forget } from './forget.ts';

let database: Database;
let memory: Memory;
const clock = { now: () => Date.UTC(2026, 2, 14, 12) };

beforeAll(async () => {
  database = await openMemoryDatabase();
});
afterAll(() => database.close());
beforeEach(() => empty());

async function empty(): Promise<void> {
  for (const table of ['memory_document', 'memory_version', 'memory_passage', 'memory_source'])
    await database.query(`delete from ${table}`);
  await database.query('delete from memory_forgotten');
  memory = createMemory(database, clock);
}

interface By {
  readonly source?: MemorySource;
  readonly origins?: readonly Origin[];
}

async function write(path: string, change: Change, { source, origins = [] }: By): Promise<void> {
  const prepared = await memory.prepare(path, change, { origins, ...(source && { source }) });
  if (!prepared.ok) throw new Error(prepared.error);
  await database.commit(prepared.value.statements);
}

const inTalk = (conversationId: string): MemorySource => ({ by: 'assistant', conversationId, turnId: 't' });
const append = (path: string, content: string, by: By) => write(path, { type: 'append', content }, by);
const overwrite = (path: string, content: string, by: By) => write(path, { type: 'overwrite', content }, by);
const contentOf = async (path: string) => (await memory.read(path))?.content;
const talk = (conversationId: string) => ({ kind: 'conversation', conversationId }) as const;

/** All texts that are kept anywhere. */
async function texts(): Promise<string> {
  const { rows } = await database.query<{ content: string }>(
    'select content from memory_document union all select content from memory_version union all select text from memory_chunk',
  );
  return rows.map(({ content }) => content).join('\n');
}

describe('a conversation that is forgotten', () => {
  test('takes its own lines along, from the document and from its versions', async () => {
    await append('notes.md', 'The user keeps this.', { source: { by: 'user' } });
    await append('notes.md', 'Said in A.', { source: inTalk('A') });
    await append('notes.md', 'Said in B.', { source: inTalk('B') });
    const report = await forget(database, talk('A'), { dryRun: false });
    expect(report).toEqual({
      documents: [{ path: 'notes.md', whole: false, passages: 1, versions: 2 }],
    });
    expect(await contentOf('notes.md')).toBe('The user keeps this.\n\nSaid in B.');
    expect(await texts()).not.toContain('Said in A');
  });

  test('takes documents along that hold nothing else, with their versions', async () => {
    await append('a.md', 'Said in A.', { source: inTalk('A') });
    await overwrite('a.md', 'Said better in A.', { source: inTalk('A') });
    const report = await forget(database, talk('A'), { dryRun: false });
    expect(report).toEqual({ documents: [{ path: 'a.md', whole: true, passages: 2, versions: 2 }] });
    expect(await texts()).toBe('');
  });

  test('leaves what another conversation said as well', async () => {
    await append('a.md', 'Known to both.', { source: inTalk('A') });
    await append('a.md', 'Known to both.', { source: inTalk('B') });
    expect(await forget(database, talk('A'), { dryRun: false })).toEqual({ documents: [] });
    expect(await contentOf('a.md')).toContain('Known to both.');
    await forget(database, talk('B'), { dryRun: false });
    expect(await texts()).toBe('');
  });

  test('takes along what was put together from it and others', async () => {
    await append('a.md', 'Ada lives in Ghent.', { source: inTalk('A') });
    await append('b.md', 'Ada has bees.', { source: inTalk('B') });
    await append('ada.md', 'Ada keeps bees in Ghent.', {
      source: { by: 'consolidator', derivedFrom: ['a.md', 'b.md'] },
    });
    const { documents } = await forget(database, talk('A'), { dryRun: false });
    expect(documents.map(({ path, whole }) => [path, whole])).toEqual([
      ['a.md', true],
      ['ada.md', true],
    ]);
    expect(await contentOf('b.md')).toBe('Ada has bees.');
  });

  test('leaves lines that were moved from other sources', async () => {
    await append('a.md', 'Said in A.', { source: inTalk('A') });
    await append('b.md', 'Said in B.', { source: inTalk('B') });
    const source: MemorySource = { by: 'consolidator', derivedFrom: ['a.md', 'b.md'] };
    await append('all.md', 'Said in A.\nSaid in B.', { source });
    await forget(database, talk('A'), { dryRun: false });
    expect(await contentOf('all.md')).toBe('Said in B.');
  });

  test('takes along what was made of it by a correction, and a line that was written anew', async () => {
    await append('a.md', 'Ada lives in Ghent.', { source: inTalk('A') });
    await append('a.md', 'Bob is an accountant in Lyon.', { source: inTalk('A') });
    const change = { type: 'replace', from: 'Ghent', to: 'Bruges', all: false } as const;
    await write('a.md', change, { source: inTalk('B') });
    const rewritten = 'Ada lives in Bruges.\n\nBob is no accountant in Lyon.\n\nThe sky is blue.';
    await overwrite('a.md', rewritten, { source: inTalk('B') });
    await forget(database, talk('A'), { dryRun: false });
    expect(await contentOf('a.md')).toBe('The sky is blue.');
    expect(await texts()).not.toMatch(/Bruges|Ghent|Lyon/);
  });

  test('takes along what the agents wrote that worked for it', async () => {
    await database.query(
      "insert into conversation (id, channel, created_at) values ('agent-1', 'agent', now())",
    );
    await database.query(
      `insert into journal (actor_key, seq, at, type, payload)
       values ('session/agent-1', 1, now(), 'turn.began', '{"agent": {"parentConversationId": "A"}}')`,
    );
    await append('a.md', 'Found out for A.', { source: inTalk('agent-1') });
    await forget(database, talk('A'), { dryRun: false });
    expect(await texts()).toBe('');
  });

  test('cannot be brought back by undoing how memory was tidied', async () => {
    await append('a.md', 'Said in A.', { source: inTalk('A') });
    await database.query(
      `insert into memory_step (id, run, at, action, paths, reason, before)
       values ('s', 'r', now(), 'evict', '{a.md}', 'It faded.', jsonb_build_array(memory_snapshot('a.md', true)))`,
    );
    await forget(database, talk('A'), { dryRun: false });
    const { rows } = await database.query('select before, reason from memory_step');
    expect(JSON.stringify(rows)).not.toMatch(/Said|faded/);
  });

  test('is on record in the audit log, once', async () => {
    await append('a.md', 'Said in A.', { source: inTalk('A') });
    await forget(database, talk('A'), { dryRun: true });
    await forget(database, talk('A'), { dryRun: false });
    const { rows } = await database.query(
      "select line::jsonb -> 'detail' ->> 'passages' as passages from audit_line where line::jsonb ->> 'kind' = 'memory.forgotten' order by id desc limit 1",
    );
    expect(rows).toEqual([{ passages: '1' }]);
  });
});

describe('a source that is forgotten', () => {
  const page = 'the page https://a.example/';

  test('takes along what it had a hand in, and the document no longer counts as under its influence', async () => {
    await append('a.md', 'From the user.', { source: inTalk('A') });
    await append('a.md', 'From the page.', { source: inTalk('A'), origins: [page] });
    await append('a.md', 'From another.', { source: inTalk('A'), origins: ['the file b.txt'] });
    await forget(database, { kind: 'source', source: 'https://a.example/' }, { dryRun: false });
    expect(await memory.read('a.md')).toMatchObject({
      content: 'From the user.\n\nFrom another.',
      origins: ['the file b.txt'],
    });
  });

  test('may be an import', async () => {
    await append('a.md', 'Imported.', { source: { by: 'import', name: 'my notes' } });
    await append('b.md', 'Said.', { source: inTalk('my notes') });
    await forget(database, { kind: 'source', source: 'my notes' }, { dryRun: false });
    expect(await texts()).not.toContain('Imported.');
    expect(await contentOf('b.md')).toBe('Said.');
  });
});

test('a document that is forgotten goes whole, and so does what was made of it elsewhere', async () => {
  await append('a.md', 'Said in A.', { source: inTalk('A') });
  await append('b.md', 'Said in B.', { source: inTalk('B') });
  await append('all.md', 'All of it.', { source: { by: 'consolidator', derivedFrom: ['a.md', 'b.md'] } });
  const { documents } = await forget(database, { kind: 'document', path: 'a.md' }, { dryRun: false });
  expect(documents).toEqual([
    { path: 'a.md', whole: true, passages: 1, versions: 1 },
    { path: 'all.md', whole: true, passages: 1, versions: 1 },
  ]);
  expect(await contentOf('b.md')).toBe('Said in B.');
});

test('where each passage comes from is told in words', async () => {
  await append('a.md', 'One.\nTwo.', { source: inTalk('A') });
  await append('a.md', 'Three.', { source: { by: 'import', name: 'x.zip' }, origins: ['the file x.zip'] });
  const passages = await explain(database, 'a.md');
  expect(passages.map(({ firstLine, lastLine, text }) => [firstLine, lastLine, text])).toEqual([
    [1, 2, 'One.\nTwo.'],
    [4, 4, 'Three.'],
  ]);
  expect(passages.map(({ sources }) => sources.map(({ says }) => says))).toEqual([
    ['Written by the assistant in the conversation A at 2026-03-14 12:00 UTC.'],
    ['Imported as x.zip at 2026-03-14 12:00 UTC, after the file x.zip.'],
  ]);
  expect(passages[0]?.sources[0]).toMatchObject({ by: 'assistant', conversationId: 'A', turnId: 't' });
});

test.each([
  ['by one', (version: number) => inTalk(String(version % 1))],
  ['by two', (version: number) => inTalk(String(version % 2))],
])(
  'what no kept version has any more needs no source, however often it was written anew: %s',
  async (_, by) => {
    for (let version = 0; version < 70; version++)
      await overwrite('a.md', `Version ${version}.`, { source: by(version) });
    const { rows } = await database.query(
      'select (select count(*) from memory_passage) as lines, (select count(*) from memory_source) as sources',
    );
    expect(Number(rows[0]?.lines)).toBeLessThanOrEqual(102);
    expect(Number(rows[0]?.sources)).toBeLessThanOrEqual(52);
  },
);

/** What one of a few conversations does to one of a few documents. */
const step = record({
  who: constantFrom('A', 'B', 'C'),
  path: constantFrom('one.md', 'two.md', 'daily/2026-03-14.md'),
  how: oneof(constantFrom('append', 'append', 'again', 'overwrite', 'replace')),
  at: nat(20),
});

interface Line {
  /** Whoever had a hand in it. */
  readonly hands: Set<string>;
  /** Whoever brought it alone. */
  readonly alone: Set<string>;
}

test('whatever was written by whom: nothing of the one who is forgotten stays, and nothing else goes', async () => {
  await assert(
    asyncProperty(array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
      await empty();
      const lines = new Map<string, Line>();
      const keyOf = (path: string, line: string) => `${path}\0${line}`;
      for (const [number, { who, path, how, at }] of steps.entries()) {
        const source = inTalk(who);
        const there = ((await contentOf(path)) ?? '').split('\n').filter((line) => line !== '');
        const chosen = there[at % Math.max(there.length, 1)];
        const fresh = `${who}${number}x ${who}${number}y`;
        const bring = (line: string) => {
          const known = lines.get(keyOf(path, line)) ?? { hands: new Set(), alone: new Set() };
          known.hands.add(who);
          known.alone.add(who);
          lines.set(keyOf(path, line), known);
        };
        if (how === 'append' || chosen === undefined) {
          await append(path, fresh, { source });
          bring(fresh);
        } else if (how === 'again') {
          await append(path, chosen, { source });
          bring(chosen);
        } else if (how === 'overwrite') {
          const kept = there.filter((_, place) => place % 2 === at % 2);
          await overwrite(path, [...kept, fresh].join('\n\n'), { source });
          bring(fresh);
        } else {
          const from = chosen.split(' ')[at % 2] ?? '';
          await write(path, { type: 'replace', from, to: `${who}${number}z`, all: true }, { source });
          for (const line of there.filter((candidate) => candidate.includes(from))) {
            const before = lines.get(keyOf(path, line))?.hands ?? new Set();
            const hands = new Set([...before, who]);
            // Whoever rewrites what was his own still brought it alone.
            const alone = new Set(hands.size === 1 ? hands : []);
            lines.set(keyOf(path, line.replaceAll(from, `${who}${number}z`)), { hands, alone });
          }
        }
      }
      const stays = (path: string, line: string): boolean => {
        const known = lines.get(keyOf(path, line));
        return !known?.hands.has('A') || [...known.alone].some((who) => who !== 'A');
      };
      const { rows: kept } = await database.query<{ path: string; content: string }>(
        'select path, content from memory_document order by path',
      );
      const expected = kept
        .map(({ path, content }) => ({
          path,
          lines: content.split('\n').filter((line) => line !== '' && stays(path, line)),
        }))
        .filter((document) => document.lines.length > 0);
      const before = await texts();

      const planned = await forget(database, talk('A'), { dryRun: true });
      expect(await texts()).toBe(before);
      expect(await forget(database, talk('A'), { dryRun: false })).toEqual(planned);

      const { rows: left } = await database.query<{ path: string; content: string }>(
        'select path, content from memory_document order by path',
      );
      expect(
        left.map(({ path, content }) => ({ path, lines: content.split('\n').filter((line) => line !== '') })),
      ).toEqual(expected);
      const shared = [...lines].filter(
        ([, { hands, alone }]) => hands.has('A') && [...alone].some((who) => who !== 'A'),
      );
      const allowed = new Set(shared.flatMap(([key]) => key.split('\0')[1]?.split(' ') ?? []));
      const tokens = (await texts()).match(/A\d+[xyz]/g) ?? [];
      expect(tokens.filter((token) => !allowed.has(token))).toEqual([]);
      expect(await forget(database, talk('A'), { dryRun: true })).toEqual({ documents: [] });
    }),
    {
      numRuns: 60,
      examples: [
        [
          [
            { who: 'B', path: 'two.md', how: 'append', at: 0 },
            { who: 'B', path: 'two.md', how: 'replace', at: 0 },
            { who: 'A', path: 'two.md', how: 'again', at: 0 },
            { who: 'A', path: 'one.md', how: 'append', at: 0 },
          ],
        ],
      ],
    },
  );
}, 120_000);
