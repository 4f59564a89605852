import { openDatabase } from '../../../storage/index.ts';
import { MIGRATIONS } from '../../../storage/testing/migrations-folder.ts';
import { openVectors } from './open-vectors.ts';

/** Makes vectors over a PostgreSQL database until it is done, or killed. Arguments: its URL, that of the model. */
const [url = '', baseUrl = ''] = process.argv.slice(2);
const database = await openDatabase({ url, dataDir: '/nowhere', migrationsDir: MIGRATIONS });
await openVectors(database, { provider: 'ollama', model: 'hash', baseUrl }).index(
  new AbortController().signal,
);
await database.close();
