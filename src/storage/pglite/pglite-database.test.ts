import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import type { Database } from '../database.ts';
import { openDatabase } from '../open-database.ts';
import { describeConformance } from '../testing/conformance.ts';
import { MIGRATIONS } from '../testing/folders.ts';

describe('the embedded database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ironbark-pglite-'));
  let database: Database;

  beforeAll(async () => {
    database = await openDatabase({ dataDir: join(folder, 'database'), migrationsDir: MIGRATIONS });
  });
  afterAll(async () => {
    await database.close();
    rmSync(folder, { recursive: true });
  });

  describeConformance(() => database);
});
