import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../../core/package-root.ts';
import { type Home, openDatabase, type Queryable } from '../../../storage/index.ts';

/** What must hold of the database of an assistant that has answered everything and was stopped. A sentence each. */
export async function auditDisk(home: Home): Promise<readonly string[]> {
  const database = await openDatabase({
    dataDir: home.databaseDir,
    migrationsDir: join(PACKAGE_ROOT, 'migrations'),
  });
  try {
    const counts: (readonly [string, number])[] = [];
    for (const [what, sql] of WRONG) counts.push([what, await count(database, sql)]);
    return counts.filter(([, rows]) => rows > 0).map(([what, rows]) => `On disk: ${rows} ${what}.`);
  } finally {
    await database.close();
  }
}

async function count(database: Queryable, sql: string): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `select count(*)::int as count from (${sql}) as wrong`,
  );
  return rows[0]?.count ?? 0;
}

/** Each finds rows that should not be there. A reply whose mark was cut off is closed at the next start. */
const WRONG: readonly (readonly [string, string])[] = [
  ['accepted inputs that nobody dealt with', 'select 1 from inbox where done_at is null'],
  ['effects without an outcome', "select 1 from effect where state = 'intended'"],
  ['turns that are not finished', 'select 1 from actor where snapshot is not null'],
  [
    'journals with gaps',
    'select 1 from journal group by actor_key having count(*) <> max(seq) or min(seq) <> 1',
  ],
  [
    'replies that are not in the outbox',
    `select 1 from journal where type = 'turn.replied'
        and not exists (select 1 from outbox where id = journal.payload->>'outboxId')`,
  ],
  [
    'rows of the outbox that are no reply',
    `select 1 from outbox where not exists
       (select 1 from journal where type = 'turn.replied' and payload->>'outboxId' = outbox.id)`,
  ],
  [
    'replies of which it is not known whether they were delivered',
    "select 1 from outbox where state not in ('prepared', 'delivered')",
  ],
];
