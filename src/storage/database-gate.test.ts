import { describe, expect, test } from 'vitest';
import type { Database } from './database.ts';
import { createDatabaseGate } from './database-gate.ts';

/** A database that only knows which one it is, and can be lost. */
function numbered(number: number) {
  const closed = Promise.withResolvers<Error | undefined>();
  const database: Database = {
    kind: 'pglite',
    inOrder: true,
    location: `number ${number}`,
    closed: closed.promise,
    query: async () => ({ rows: [], rowCount: number }),
    commit: async () => ({ committed: true, results: [] }),
    transaction: (work) => work(database),
    listen: async () => async () => {},
    close: async () => closed.resolve(undefined),
  };
  return { database, lose: () => closed.resolve(new Error('lost')) };
}

function gateOver(patienceMs?: number) {
  const opened: ReturnType<typeof numbered>[] = [];
  const gate = createDatabaseGate(async () => {
    const next = numbered(opened.length + 1);
    opened.push(next);
    return next.database;
  }, patienceMs);
  return { gate, opened };
}

describe('the gate to the database', () => {
  test('lets a call wait until the database is open', async () => {
    const { gate } = gateOver();
    const waiting = gate.query('select');
    await gate.open();
    expect((await waiting).rowCount).toBe(1);
  });

  test('refuses a call when the database does not open in time', async () => {
    const { gate } = gateOver(0);
    await expect(gate.query('select')).rejects.toMatchObject({ kind: 'storage' });
  });

  test('tells when the database is lost, and goes on with the next one', async () => {
    const { gate, opened } = gateOver();
    await gate.open();
    const lost = gate.lost();
    opened[0]?.lose();
    await expect(lost).rejects.toThrow('lost');
    expect(gate.isOpen()).toBe(false);
    const waiting = gate.query('select');
    await gate.open();
    expect((await waiting).rowCount).toBe(2);
  });

  test('closes what was open before it opens anew', async () => {
    const { gate, opened } = gateOver();
    await gate.open();
    await gate.open();
    expect(await opened[0]?.database.closed).toBeUndefined();
    expect(gate.location).toBe('number 2');
  });
});
