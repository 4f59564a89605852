import { expect, test } from 'vitest';
import type { Database } from '../database.ts';
import { SqlError } from '../sql-error.ts';

/**
 * What every implementation of the `Database` port must do. `database` gives the one that is open; each rule keeps
 * to tables of its own.
 */
export function describeConformance(database: () => Database): void {
  let tables = 0;

  /** A table of names and numbers, empty. */
  async function freshTable(): Promise<string> {
    const table = `conformance_${++tables}`;
    await database().query(`create table ${table} (name text primary key, number int not null)`);
    return table;
  }

  const insert = (table: string, name: string, number = 0) => ({
    sql: `insert into ${table} values ($1, $2)`,
    params: [name, number],
  });

  async function namesIn(table: string): Promise<readonly unknown[]> {
    const { rows } = await database().query(`select name from ${table} order by name`);
    return rows.map(({ name }) => name);
  }

  async function refusal(work: Promise<unknown>): Promise<SqlError> {
    const thrown: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(thrown).toBeInstanceOf(SqlError);
    return thrown instanceof SqlError ? thrown : new SqlError({ message: 'not refused' });
  }

  async function roundTrip(type: string, value: string | number | boolean | Date | Uint8Array | null) {
    const { rows } = await database().query(`select $1::${type} as value`, [value]);
    return rows[0]?.value;
  }

  test('values come out as the kinds of values the port promises', async () => {
    const { rows } = await database().query(`
      select 9007199254740991::bigint as big, 7::smallint as small, 1.5::float8 as float, true as yes, null as nothing,
             '{"a": [1, "x"]}'::jsonb as json, '{"b": null}'::json as text_json, 12.50::numeric as exact,
             '\\x00ff'::bytea as bytes, '2025-03-01 12:00:00.123456+00'::timestamptz as moment,
             '2025-03-01'::date as day, 'word' as word`);
    expect(rows).toEqual([
      {
        big: 9007199254740991,
        small: 7,
        float: 1.5,
        yes: true,
        nothing: null,
        json: { a: [1, 'x'] },
        text_json: { b: null },
        exact: '12.50',
        bytes: Uint8Array.of(0, 255),
        moment: new Date('2025-03-01T12:00:00.123Z'),
        day: '2025-03-01',
        word: 'word',
      },
    ]);
  });

  test('arrays come out as arrays of such values', async () => {
    const { rows } = await database().query(`
      select array['plain', 'with "quotes", commas and \\ strokes', null, 'NULL', ''] as texts,
             array[1, null, 3]::bigint[] as numbers, '{}'::text[] as none, array[[1, 2], [3, 4]] as nested`);
    expect(rows).toEqual([
      {
        texts: ['plain', 'with "quotes", commas and \\ strokes', null, 'NULL', ''],
        numbers: [1, null, 3],
        none: [],
        nested: [
          [1, 2],
          [3, 4],
        ],
      },
    ]);
  });

  test('parameters arrive as they were given', async () => {
    const moment = new Date('2025-11-05T10:20:30.456Z');
    expect(await roundTrip('text', 'naïve "quotes" \\ 🦘')).toBe('naïve "quotes" \\ 🦘');
    expect(await roundTrip('int', -3)).toBe(-3);
    expect(await roundTrip('boolean', false)).toBe(false);
    expect(await roundTrip('timestamptz', moment)).toEqual(moment);
    expect(await roundTrip('bytea', Uint8Array.of(1, 0, 254))).toEqual(Uint8Array.of(1, 0, 254));
    expect(await roundTrip('text', null)).toBeNull();
  });

  test('array parameters arrive as they were given', async () => {
    const words = ['a', 'b,c', '"d"', '\\', '', 'null', '{x}'];
    const { rows } = await database().query('select $1::text[] as words, $2::int[] as numbers', [
      words,
      [1, -2],
    ]);
    expect(rows).toEqual([{ words, numbers: [1, -2] }]);
  });

  test('JSON goes in as text and comes out parsed', async () => {
    const { rows } = await database().query('select $1::text::jsonb as value', [
      '{"deep": {"list": [1, 2]}}',
    ]);
    expect(rows).toEqual([{ value: { deep: { list: [1, 2] } } }]);
  });

  test('times without end are the last moments a Date can hold', async () => {
    const { rows } = await database().query<{ never: Date; always: Date }>(
      "select 'infinity'::timestamptz as never, '-infinity'::timestamptz as always",
    );
    expect(rows[0]?.never.getTime()).toBe(8.64e15);
    expect(rows[0]?.always.getTime()).toBe(-8.64e15);
  });

  test('a text of several megabytes survives', async () => {
    const long = 'été '.repeat(1_000_000);
    expect(await roundTrip('text', long)).toBe(long);
  });

  test('rowCount counts rows returned, or touched where none are returned', async () => {
    const table = await freshTable();
    const inserted = await database().query(`insert into ${table} values ('a', 1), ('b', 2)`);
    const updated = await database().query(`update ${table} set number = 3 where name = 'a'`);
    const returned = await database().query(`update ${table} set number = 4 returning name`);
    const selected = await database().query(`select * from ${table} where name = 'z'`);
    expect([inserted, updated, returned, selected].map(({ rowCount }) => rowCount)).toEqual([2, 1, 2, 0]);
  });

  test('a refused statement rejects with its SQLSTATE and constraint', async () => {
    const table = await freshTable();
    await database().commit([insert(table, 'taken')]);
    const error = await refusal(database().query(`insert into ${table} values ('taken', 1)`));
    expect(error).toMatchObject({ code: '23505', constraint: `${table}_pkey` });
    expect((await refusal(database().query('selekt 1'))).code).toBe('42601');
  });

  test('a unit writes all its statements and reports each', async () => {
    const table = await freshTable();
    const { committed, results } = await database().commit([
      { sql: `insert into ${table} values ('a', 1) returning number` },
      insert(table, 'b'),
    ]);
    expect(committed).toBe(true);
    expect(results).toEqual([
      { rows: [{ number: 1 }], rowCount: 1 },
      { rows: [], rowCount: 1 },
    ]);
    expect(await namesIn(table)).toEqual(['a', 'b']);
  });

  test('a unit whose guard touches no row writes nothing', async () => {
    const table = await freshTable();
    const guard = { sql: `update ${table} set number = 1 where name = 'absent'` };
    expect(await database().commit([guard])).toEqual({ committed: false, results: [] });
    expect(await database().commit([guard, insert(table, 'b')])).toEqual({ committed: false, results: [] });
    expect(await namesIn(table)).toEqual([]);
  });

  test('of a unit of several statements not even what a failed guard wrote is kept', async () => {
    const table = await freshTable();
    const guard = {
      sql: `with written as (insert into ${table} values ('side effect', 1)) select 1 where false`,
    };
    const other = database().commit([insert(table, 'other')]);
    const { committed } = await database().commit([guard, insert(table, 'b')]);
    await other;
    expect(committed).toBe(false);
    expect(await namesIn(table)).toEqual(['other']);
  });

  test('a unit that is refused half-way keeps nothing', async () => {
    const table = await freshTable();
    await refusal(database().commit([insert(table, 'a'), insert(table, 'a')]));
    expect(await namesIn(table)).toEqual([]);
  });

  test('of many units at once, the refused and the guarded ones do not disturb the others', async () => {
    const table = await freshTable();
    await database().commit([insert(table, 'taken')]);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, (_, place) => {
        if (place % 10 === 3) return database().commit([insert(table, 'taken')]);
        if (place % 10 === 5)
          return database().commit([{ sql: `delete from ${table} where name = 'absent'` }]);
        if (place % 10 === 7) return database().commit([insert(table, `n${place}`), insert(table, 'taken')]);
        return database().commit([insert(table, `n${place}`)]);
      }),
    );
    const refused = outcomes.filter(({ status }) => status === 'rejected').length;
    const committed = outcomes.filter((o) => o.status === 'fulfilled' && o.value.committed).length;
    expect({ refused, committed }).toEqual({ refused: 12, committed: 42 });
    expect((await namesIn(table)).length).toBe(43);
  });

  test('of many units of one statement at once, neither', async () => {
    const table = await freshTable();
    await database().commit([insert(table, 'taken')]);
    const absent = { sql: `delete from ${table} where name = 'absent'` };
    const outcomes = await Promise.allSettled([
      database().commit([insert(table, 'a')]),
      database().commit([absent]),
      database().commit([insert(table, 'taken')]),
      database().commit([insert(table, 'b')]),
    ]);
    expect(outcomes).toMatchObject([
      { value: { committed: true } },
      { value: { committed: false, results: [] } },
      { status: 'rejected' },
      { value: { committed: true } },
    ]);
    expect(await namesIn(table)).toEqual(['a', 'b', 'taken']);
  });

  test('units at once answer each with its own rows, also where they are more than are kept prepared', async () => {
    const places = Array.from({ length: 300 }, (_, place) => place);
    const commit = (place: number) => database().commit([{ sql: `select ${place} as n, 'x' as x${place}` }]);
    const outcomes = await Promise.all(places.map(commit));
    const rows = outcomes.map(({ results }) => results[0]?.rows);
    expect(rows).toEqual(places.map((n) => [{ n, [`x${n}`]: 'x' }]));
  });

  test('of units that race for the same row exactly one wins', async () => {
    const table = await freshTable();
    await database().commit([insert(table, 'counter', 0)]);
    const claim = { sql: `update ${table} set number = 1 where name = 'counter' and number = 0` };
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => database().commit([claim])));
    expect(outcomes.filter(({ committed }) => committed)).toHaveLength(1);
  });

  test('a transaction sees its own writes and keeps them when its work is done', async () => {
    const table = await freshTable();
    const seen = await database().transaction(async (tx) => {
      await tx.query(`insert into ${table} values ('a', 1)`);
      return (await tx.query(`select name from ${table}`)).rows;
    });
    expect(seen).toEqual([{ name: 'a' }]);
    expect(await namesIn(table)).toEqual(['a']);
  });

  test('a transaction whose work throws is rolled back and rejects with what was thrown', async () => {
    const table = await freshTable();
    const thrown = new Error('changed my mind');
    const work = database().transaction(async (tx) => {
      await tx.query(`insert into ${table} values ('a', 1)`);
      throw thrown;
    });
    await expect(work).rejects.toBe(thrown);
    expect(await namesIn(table)).toEqual([]);
  });

  test('a transaction that swallowed the refusal of a statement rejects instead of losing its writes silently', async () => {
    const table = await freshTable();
    const work = database().transaction(async (tx) => {
      await tx.query(`insert into ${table} values ('a', 1)`);
      await tx.query('selekt 1').catch(() => {});
    });
    expect((await refusal(work)).code).toBe('25P02');
    expect(await namesIn(table)).toEqual([]);
  });

  test('a transaction is of no use after its end', async () => {
    const kept = await database().transaction(async (tx) => tx);
    await expect(kept.query('select 1')).rejects.toThrow('ended');
  });

  test('what arrives during a transaction is done after it, or beside it, but not in it', async () => {
    const table = await freshTable();
    const outside = Promise.withResolvers<unknown>();
    const work = database().transaction(async (tx) => {
      await tx.query(`insert into ${table} values ('inside', 1)`);
      outside.resolve(database().commit([insert(table, 'outside')]));
      await tx.query('select 1');
      throw new Error('undo');
    });
    await expect(work).rejects.toThrow('undo');
    await outside.promise;
    expect(await namesIn(table)).toEqual(['outside']);
  });

  test('a statement still works after the table it reads has changed', async () => {
    const table = await freshTable();
    await database().commit([insert(table, 'a')]);
    const before = await database().query(`select name from ${table}`);
    await database().query(`alter table ${table} add column extra text default 'x'`);
    const after = await database().query(`select name, extra from ${table}`);
    expect([before.rows, after.rows]).toEqual([[{ name: 'a' }], [{ name: 'a', extra: 'x' }]]);
  });

  test('more different statements than are kept prepared work too', async () => {
    for (let place = 0; place < 300; place++) {
      expect((await database().query(`select ${place} as n`)).rows).toEqual([{ n: place }]);
    }
  });

  test('a listener hears what is sent on its channel, until it stops', async () => {
    const heard: string[] = [];
    const sentinel = Promise.withResolvers<void>();
    const stop = await database().listen('Odd "channel"', (payload) => heard.push(payload));
    const stopSentinel = await database().listen('sentinel', () => sentinel.resolve());
    await database().query('select pg_notify($1, $2)', ['Odd "channel"', 'first']);
    await database().query('select pg_notify($1, $2)', ['other', 'not for us']);
    await until(
      () => heard.length > 0,
      () => database().query('select 1'),
    );
    await stop();
    await database().query('select pg_notify($1, $2)', ['Odd "channel"', 'too late']);
    await database().query('notify sentinel');
    await sentinel.promise;
    await stopSentinel();
    expect(heard).toEqual(['first']);
  });

  test('a notification is sent with its unit, and not by one that is refused', async () => {
    const table = await freshTable();
    const heard = Promise.withResolvers<string>();
    const stop = await database().listen('rows', heard.resolve);
    const notify = (payload: string) => ({ sql: "select pg_notify('rows', $1)", params: [payload] });
    await refusal(database().commit([insert(table, 'a'), notify('refused'), insert(table, 'a')]));
    await database().commit([insert(table, 'a'), notify('kept')]);
    expect(await heard.promise).toBe('kept');
    await stop();
  });
}

/** Takes steps until something shows; the test's own time limit is the end of patience. */
async function until(shown: () => boolean, step: () => Promise<unknown>): Promise<void> {
  while (!shown()) await step();
}
