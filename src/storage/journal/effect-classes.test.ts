import { readFile } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { expect, test } from 'vitest';

const migration = (name: string): Promise<string> =>
  readFile(new URL(`../../../migrations/${name}.sql`, import.meta.url), 'utf8');

test('effects that an older program stored as unsafe are found as what must happen once', async () => {
  await using database = await PGlite.create();
  await database.exec(await migration('0001_foundation'));
  await database.exec(`
    insert into effect (id, actor_key, kind, class, request, state, intended_at) values
      ('a', 'k', 'requestTool', 'unsafe', '{"params": {"effect": "unsafe", "callId": "1"}}', 'intended', now()),
      ('b', 'k', 'requestModel', 'pure', '{"params": {"iteration": 1}}', 'intended', now())`);
  await database.exec(await migration('0004_durable_actors'));
  const { rows } = await database.query('select id, class, request from effect order by id');
  expect(rows).toEqual([
    { id: 'a', class: 'once', request: { params: { effect: 'once', callId: '1' } } },
    { id: 'b', class: 'pure', request: { params: { iteration: 1 } } },
  ]);
  await expect(database.exec("update effect set class = 'unsafe'")).rejects.toThrow('effect_class_check');
});
