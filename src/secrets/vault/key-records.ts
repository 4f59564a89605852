import type { MasterKeySource } from '../../core/secrets.ts';
import type { Database, Queryable, Row, Statement } from '../../storage/index.ts';
import type { MasterKey } from '../master-key/master-key.ts';

/** What the database remembers of a key: that it was used, and where it came from. */
export interface KeyRecord extends Row {
  readonly id: string;
  readonly source: MasterKeySource;
  readonly state: 'current' | 'next' | 'retired';
}

export interface KeyRecords {
  readonly all: readonly KeyRecord[];
  /** Whether anything is encrypted, by whomever. */
  readonly needed: boolean;
}

export async function readKeyRecords(database: Queryable): Promise<KeyRecords> {
  const { rows } = await database.query<KeyRecord>('select id, source, state from master_key');
  const { rowCount } = await database.query('select from secret limit 1');
  return { all: rows, needed: rowCount > 0 };
}

export const recordIn = ({ all }: KeyRecords, state: 'current' | 'next'): KeyRecord | undefined =>
  all.find((record) => record.state === state);

/** The first key, or another one while nothing is encrypted with the former. False where something is by now. */
export async function recordFirstKey(database: Database, key: MasterKey, now: number): Promise<boolean> {
  const { committed } = await database.commit([
    // First, as the guard of the unit: nothing changes while there are secrets.
    { sql: 'select where not exists (select from secret)' },
    { sql: `update master_key set state = 'retired' where state <> 'retired'` },
    recorded(key, 'current', now),
  ]);
  return committed;
}

export async function recordNextKey(database: Database, key: MasterKey, now: number): Promise<void> {
  await database.commit([recorded(key, 'next', now)]);
}

/** Ends a rotation. False where something is still encrypted with another key. */
export async function recordRotated(database: Database, nextId: string): Promise<boolean> {
  const { committed } = await database.commit([
    {
      sql: `select from master_key
             where id = $1 and state = 'next' and not exists (select from secret where key_id <> $1)`,
      params: [nextId],
    },
    { sql: `update master_key set state = 'retired' where state = 'current'` },
    { sql: `update master_key set state = 'current' where id = $1`, params: [nextId] },
  ]);
  return committed;
}

function recorded({ id, source }: MasterKey, state: 'current' | 'next', now: number): Statement {
  return {
    sql: `insert into master_key (id, source, state, made_at) values ($1, $2, $3, $4::text::timestamptz)
          on conflict (id) do update set source = excluded.source, state = excluded.state`,
    params: [id, source, state, new Date(now).toISOString()],
  };
}
