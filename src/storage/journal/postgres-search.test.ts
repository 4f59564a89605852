import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../open-database.ts';
import { MIGRATIONS } from '../testing/migrations-folder.ts';
import { startPostgres } from '../testing/postgres-server.ts';
import { branchedConversation, findConversations, readTraits, recentConversations } from './conversations.ts';
import { searchEntries } from './search.ts';

const server = await startPostgres();

describe.skipIf(server === undefined)('on a PostgreSQL server', () => {
  test('search and branches do what they do on the embedded database', async () => {
    if (!server) return;
    await using _ = server;
    const database = await openDatabase({
      url: await server.freshDatabase(),
      dataDir: tmpdir(),
      migrationsDir: MIGRATIONS,
    });
    try {
      await database.commit([
        {
          sql: "insert into conversation (id, channel, title, created_at) values ('c', 'web', 'Tee', now())",
        },
        { sql: "insert into actor (key, shard, kind, seq) values ('session/c', 1, 'session', 2)" },
        {
          sql: `insert into journal (actor_key, seq, at, type, payload) values
            ('session/c', 1, now(), 'turn.began', '{"turnId": "t", "messages": [{"text": "Größe? 我喜欢咖啡"}]}'),
            ('session/c', 2, now(), 'turn.replied', '{"turnId": "t", "text": "foo/bar", "usage": {"inputTokens": 5}}'),
            ('session/c', 3, now(), 'history.changed', '{"change": "undo", "turnIds": ["t"]}')`,
        },
      ]);
      for (const query of ['größ', '喜欢', 'foo', 'BAR']) {
        expect(await searchEntries(database, { query, limit: 5 })).toMatchObject([
          { conversationId: 'c', hidden: 'undone' },
        ]);
      }
      const made = { id: 'b', like: 'c', title: 'Branch', at: '2026-01-02T03:04:05.678Z' };
      const [first, ...rest] = branchedConversation(made, 4);
      if (!first) throw new Error('a branch takes statements');
      await database.commit([first, ...rest]);
      const { rows } = await database.query(
        "select seq, payload from journal where actor_key = 'session/b' order by seq",
      );
      expect(rows).toMatchObject([
        { seq: 1, payload: { turnId: 'b/t' } },
        { seq: 2, payload: { turnId: 'b/t', usage: { inputTokens: 0, outputTokens: 0 } } },
        { seq: 3, payload: { turnIds: ['b/t'] } },
      ]);
      expect(await findConversations(database, 'TEE', 5)).toMatchObject([{ conversationId: 'c' }]);
      expect(await recentConversations(database, 5)).toHaveLength(2);
      expect(await readTraits(database, 'b')).toEqual({ channel: 'web', title: 'Branch', whileBusy: null });
    } finally {
      await database.close();
    }
  });
});
