import { IronbarkError } from '../../core/errors.ts';
import type { OpenDatabase } from '../database-session.ts';

/** As PostgreSQL counts: major times 10,000. */
const OLDEST_SUPPORTED = 150_000;

export async function assertSupported(database: OpenDatabase): Promise<void> {
  const { rows } = await database.query<{ number: number; name: string }>(VERSION);
  const [version] = rows;
  if (version && version.number >= OLDEST_SUPPORTED) return;
  throw new IronbarkError(
    'storage',
    `The database at ${database.location} runs PostgreSQL ${version?.name}; 15 is the oldest that is supported.`,
    'Upgrade the server, or leave DATABASE_URL unset to use the embedded database.',
  );
}

const VERSION = `
  select current_setting('server_version_num')::int as number, current_setting('server_version') as name`;
