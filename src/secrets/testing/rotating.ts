import { type Database, openDatabase } from '../../storage/index.ts';
import { MIGRATIONS } from '../../storage/testing/migrations-folder.ts';
import { openVault } from './stage.ts';

/** Fills a vault, begins to rotate its key, says so after so many batches, and waits there to be killed. */

const [dataDir = '', home = '', batches = '1'] = process.argv.slice(2);
const opened = await openDatabase({ dataDir, migrationsDir: MIGRATIONS });
let moved = 0;

const stopping: Database = {
  ...opened,
  async commit(statements) {
    const committed = await opened.commit(statements);
    if (!statements[0].sql.startsWith('update secret') || ++moved < Number(batches)) return committed;
    process.stdout.write('half-way\n');
    // A handle, without which the process would end by itself.
    setInterval(() => {}, 60_000);
    return new Promise(() => {});
  },
};

const vault = openVault({ database: opened, home });
for (let place = 0; place < 205; place++) {
  const name = `secret-${String(place).padStart(3, '0')}`;
  await vault.set({ name, value: `value of ${name}` });
}
await openVault({ database: stopping, home }).rotate();
