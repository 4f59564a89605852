import { openDatabase } from '../open-database.ts';
import { MIGRATIONS } from './migrations-folder.ts';

/** Commits rows for ever and says which were acknowledged, until it is killed. */

const [dataDir = ''] = process.argv.slice(2);
const database = await openDatabase({ dataDir, migrationsDir: MIGRATIONS });
await database.query('create table if not exists acknowledged (id text primary key, filler text)');

async function commitForEver(lane: number): Promise<never> {
  for (let count = 0; ; count++) {
    const id = `${process.pid}-${lane}-${count}`;
    await database.commit([
      { sql: 'insert into acknowledged values ($1, $2)', params: [id, 'x'.repeat(2000)] },
    ]);
    process.stdout.write(`${id}\n`);
  }
}

await Promise.all([0, 1, 2, 3].map(commitForEver));
