import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JournalRecord, UserMessage } from '../../core/journal.ts';
import type { Database } from '../database.ts';
import { openMemoryDatabase } from '../testing/memory-database.ts';
import { openJournal } from './actor-journal.ts';
import { createInbox } from './inbox.ts';
import { searchEntries } from './search.ts';

let database: Database;
let turns = 0;
const usage = { inputTokens: 1, outputTokens: 1 };

beforeAll(async () => {
  database = await openMemoryDatabase();
});
afterAll(() => database.close());

const said = (text: string): UserMessage => ({ inboxId: `inbox-${turns}`, text });

/** One exchange of a conversation, a minute after the one before. */
async function exchange(talk: string, asked: string, answered: string, more: readonly JournalRecord[] = []) {
  const turnId = `turn-${++turns}`;
  const at = Date.parse('2026-01-02T03:00:00Z') + turns * 60_000;
  const input = { type: 'message', text: asked, mode: 'queue' } as const;
  await createInbox(database).accept(
    { channel: talk.startsWith('agent') ? 'agent' : 'web', externalId: turnId, conversationId: talk, input },
    { inboxId: turnId, actorKey: `session/${talk}`, at: new Date(at).toISOString() },
  );
  const { journal } = await openJournal(database, { now: () => at }, `session/${talk}`, 1);
  const isCommand = asked.startsWith('/');
  await journal.commit(() => ({
    records: [
      { type: 'turn.began', turnId, messages: [said(asked)], route: isCommand ? 'command' : 'task' },
      ...(isCommand
        ? [{ type: 'command.completed', turnId, effectId: '', command: 'x', text: answered } as const]
        : []),
      ...more,
      { type: 'turn.replied', turnId, outboxId: turnId, text: answered, finish: 'answered', usage },
    ],
    snapshot: null,
  }));
  return turnId;
}

const find = (query: string, limit = 20) => searchEntries(database, { query, limit });
const snippets = async (query: string) => (await find(query)).map(({ snippet }) => snippet);

describe('a search over all conversations', () => {
  test('finds by the beginnings of words what user and assistant said, and says where', async () => {
    await exchange('garden', 'When do I plant tomatoes?', 'In May, after the last frost.');
    const [hit, ...more] = await find('TOMAT pla');
    expect(more).toEqual([]);
    expect(hit).toMatchObject({
      conversationId: 'garden',
      title: 'When do I plant tomatoes?',
      seq: 1,
      by: 'user',
      snippet: 'When do I plant tomatoes?',
      hidden: null,
    });
    expect(await find('frost')).toMatchObject([{ by: 'assistant', seq: 2 }]);
    expect(await find('omatoes')).toEqual([]);
    expect(await find('tomatoes frost')).toEqual([]);
  });

  test.each([
    ['größe', 'Welche GRÖSSE? Die Größe 42.'],
    ['МОСКВ', 'Поезд в Москву отходит в семь.'],
    ['喜欢咖', '我喜欢咖啡和茶'],
    ['京タ', '東京タワーに行きたい'],
    ['서울', '서울에 가고 싶어요'],
    ['crème', 'Une Crème brûlée, s’il vous plaît'],
    ['δρόμ', 'Ο Δρόμος είναι μακρύς'],
    ['example', 'See https://docs.example.com/a_b?c=d'],
    ['under score', 'under_score and file/path.ts'],
    ['less', 'if a<less and b>more'],
  ])('finds %s', async (query, text) => {
    await exchange('tongues', 'note this', text);
    expect(await snippets(query)).toEqual([text]);
  });

  test('does not find signs of a script without spaces in another order', async () => {
    await exchange('tongues', 'note this', '北海道');
    expect(await snippets('海北')).toEqual([]);
  });

  test('of anything that could be read as a query language is a search for its words', async () => {
    await exchange('odd', 'note', "it's a 100% odd'ity: | & ! <-> (unclosed");
    for (const query of ["odd'ity", '100% & odd', '!odd', "');--", '(unclosed', '\\', '\0', '\ud800', '']) {
      await expect(find(query)).resolves.toBeInstanceOf(Array);
    }
    expect(await find("odd'ity unclosed")).toHaveLength(1);
  });

  test('leaves out commands, their answers and the talk of sub-agents', async () => {
    await exchange('noise', '/search zebra', 'Found: a zebra.');
    await exchange('agent:1', 'look for a zebra', 'no zebra');
    expect(await find('zebra')).toEqual([]);
  });

  test('says what was undone or cleared, unless it was brought back', async () => {
    const turnId = await exchange('fickle', 'buy a unicorn', 'done');
    const change = (kind: 'undo' | 'redo' | 'clear') =>
      exchange('fickle', 'well', 'ok', [{ type: 'history.changed', change: kind, turnIds: [turnId] }]);
    await change('undo');
    expect(await find('unicorn')).toMatchObject([{ hidden: 'undone' }]);
    await change('redo');
    expect(await find('unicorn')).toMatchObject([{ hidden: null }]);
    await change('clear');
    expect(await find('unicorn')).toMatchObject([{ hidden: 'cleared' }]);
  });

  test('can be kept to one conversation and to a number of hits; the later of equal ones comes first', async () => {
    for (const talk of ['one', 'two', 'one']) await exchange(talk, 'the walrus', 'hm');
    expect((await find('walrus')).map(({ conversationId }) => conversationId)).toEqual(['one', 'two', 'one']);
    expect(await find('walrus', 1)).toHaveLength(1);
    const kept = await searchEntries(database, { query: 'walrus', limit: 5, conversationId: 'two' });
    expect(kept).toMatchObject([{ conversationId: 'two' }]);
  });

  test('shows the surroundings of what was found in a long text', async () => {
    const text = `${'before '.repeat(100)}the needle\nis here ${'after '.repeat(100)}`;
    await exchange('long', 'tell', text);
    const [hit] = await find('needle');
    expect(hit?.snippet).toMatch(/^… .*the needle is here .* …$/);
    expect(hit?.snippet.length).toBeLessThan(220);
  });

  test('a text of any length and kind can be committed', async () => {
    const words = Array.from({ length: 200_000 }, (_, n) => n.toString(36)).join(' ');
    await exchange('large', words.slice(0, 1_000_000), 'x'.repeat(1_000_000));
    await exchange('large', '茶'.repeat(300_000), '\u{1f600}'.repeat(20_000));
    expect(await find('zz')).toMatchObject([{ conversationId: 'large' }]);
  });
});
