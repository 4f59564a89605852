import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../storage/open-database.ts';
import { MIGRATIONS } from '../../storage/testing/migrations-folder.ts';
import { startPostgres } from '../../storage/testing/postgres-server.ts';
import { readPart } from '../episodes/part.ts';
import { distilled, dropForgotten, findEnded, noteOff, putOff, takeWaiting } from '../episodes/waiting.ts';
import { createMemory } from '../index.ts';
import { forget } from './forget.ts';

const server = await startPostgres();

describe.skipIf(server === undefined)('on a PostgreSQL server', () => {
  test('sources, forgetting and episodes do what they do on the embedded database', async () => {
    if (!server) return;
    await using _ = server;
    const database = await openDatabase({
      url: await server.freshDatabase(),
      dataDir: tmpdir(),
      migrationsDir: MIGRATIONS,
    });
    try {
      const memory = createMemory(database, { now: () => 0 });
      const write = async (content: string, conversationId: string): Promise<void> => {
        const source = { by: 'assistant', conversationId } as const;
        const change = { type: 'append', content } as const;
        const prepared = await memory.prepare('a.md', change, { origins: ['the page x'], source });
        if (!prepared.ok) throw new Error(prepared.error);
        await database.commit(prepared.value.statements);
      };
      await write('Zwölf Boxkämpfer, said in A.', 'A');
      await write('Said in B.', 'B');
      expect(await memory.explain('a.md')).toHaveLength(2);
      const target = { kind: 'conversation', conversationId: 'A' } as const;
      const planned = await forget(database, target, { dryRun: true });
      expect(await forget(database, target, { dryRun: false })).toEqual(planned);
      expect(await memory.read('a.md')).toMatchObject({ content: 'Said in B.', origins: ['the page x'] });
      await forget(database, { kind: 'source', source: 'x' }, { dryRun: false });
      expect(await memory.read('a.md')).toBeUndefined();

      const now = Date.now() + 60_000;
      await noteOff(database, now - 120_000);
      await findEnded(database, { now, afterMs: 120_000 });
      await database.commit([
        {
          sql: "insert into conversation (id, channel, title, created_at) values ('c', 'web', 'Tee', now())",
        },
        {
          sql: "insert into actor (key, shard, kind, seq, updated_at) values ('session/c', 1, 'session', 2, now())",
        },
        {
          sql: `insert into journal (actor_key, seq, at, type, payload) values
            ('session/c', 1, now(), 'turn.began', '{"turnId": "t", "route": "query", "messages": [{"text": "Größe?"}]}'),
            ('session/c', 2, now(), 'turn.replied', '{"turnId": "t", "text": "Ja.", "origins": ["the page y"]}')`,
        },
      ]);
      await findEnded(database, { now, afterMs: 1_000 });
      const waiting = await takeWaiting(database, now);
      expect(waiting).toMatchObject({ conversationId: 'c', fromSeq: 0, uptoSeq: 2, attempts: 0 });
      if (!waiting) throw new Error('nothing waits');
      const part = await readPart(database, waiting);
      expect(part).toMatchObject({
        turns: [{ turnId: 't', said: ['Größe?'], replied: 'Ja.' }],
        uptoSeq: 2,
        origins: ['the page y'],
      });
      await database.commit([putOff(waiting, now + 1)]);
      expect(await takeWaiting(database, now)).toBeUndefined();
      await database.commit([dropForgotten(waiting)]);
      const guard = distilled(waiting, part.uptoSeq, part.origins);
      expect((await database.commit([guard, { sql: 'select 1' }])).committed).toBe(true);
      expect((await database.commit([guard, { sql: 'select 1' }])).committed).toBe(false);
    } finally {
      await database.close();
    }
  });
});
