import { tmpdir } from 'node:os';
import { afterAll, describe, expect, test } from 'vitest';
import type { Database } from '../database.ts';
import { openDatabase } from '../open-database.ts';
import { describeConformance } from '../testing/conformance.ts';
import { MIGRATIONS } from '../testing/migrations-folder.ts';
import { startPostgres } from '../testing/postgres-server.ts';
import { troubleOf } from '../testing/trouble.ts';

const server = await startPostgres();
const open = (url: string): Promise<Database> =>
  openDatabase({ url, dataDir: tmpdir(), migrationsDir: MIGRATIONS });

describe.skipIf(!server)('a PostgreSQL database', async () => {
  if (!server) return;
  const url = await server.freshDatabase();
  const database = await open(url);
  afterAll(async () => {
    await database.close();
    await server[Symbol.asyncDispose]();
  });

  describeConformance(() => database);

  test('its location tells no password', () => {
    expect(database.location).toMatch(/^postgres:\/\/tester@127\.0\.0\.1:\d+\/test_1$/);
  });

  test('a wrong password, an unknown database and a closed port are told apart', async () => {
    const wrongPassword = await troubleOf(open(url.replace('correct', 'wrong')));
    const unknownDatabase = await troubleOf(open(url.replace('test_1', 'nowhere')));
    const closedPort = await troubleOf(open(url.replace(/:\d+\//, ':1/')));
    expect(wrongPassword.message).toContain('refused the user name or password');
    expect(unknownDatabase.message).toContain('does not exist');
    expect(closedPort.message).toContain('could not be reached');
    for (const { kind, hint, message } of [wrongPassword, unknownDatabase, closedPort]) {
      expect(kind).toBe('storage');
      expect(hint).toBeTruthy();
      expect(message).not.toContain('horse');
    }
  });

  test('an address that is none is a matter of configuration', async () => {
    expect((await troubleOf(open('not an address'))).kind).toBe('config');
  });

  test('programs that start at once migrate an empty database once', async () => {
    const empty = await server.freshDatabase();
    const programs = await Promise.all([open(empty), open(empty), open(empty)]);
    const steps = await programs[0]?.query('select version from schema_migration');
    expect(steps?.rowCount).toBeGreaterThan(0);
    await Promise.all(programs.map((program) => program.close()));
  });

  test('a server that fails is trouble for what is in flight, and usable again after its restart', async () => {
    const waiting = troubleOf(database.query('select pg_sleep(60)'));
    const backends =
      "select 1 from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()";
    while ((await database.query(backends)).rowCount === 0);
    await server.restart();
    expect((await waiting).kind).toBe('storage');
    expect((await database.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  test('a listener whose connection was lost hears again', async () => {
    const heard = Promise.withResolvers<string>();
    await database.listen('hints', heard.resolve);
    await database.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %'",
    );
    let done = false;
    void heard.promise.then(() => {
      done = true;
    });
    while (!done) await database.query("select pg_notify('hints', 'again'), pg_sleep(0.02)");
    expect(await heard.promise).toBe('again');
  });
});
