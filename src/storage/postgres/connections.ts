import pg from 'pg';
import { IronbarkError } from '../../core/errors.ts';
import { decodeValue } from '../values.ts';

const CONNECT_WITHIN_MS = 10_000;
const IDLE_MS = 60_000;
const CONNECTIONS = 10;

export function createPool(config: pg.ClientConfig, onNotice: (notice: string) => void): pg.Pool {
  const pool = new pg.Pool({ ...config, max: CONNECTIONS, idleTimeoutMillis: IDLE_MS, onConnect: settle });
  // A connection that breaks while nobody uses it is replaced by the pool.
  pool.on('error', (error) => onNotice(error.message));
  pool.on('connect', (client) => {
    client.on('notice', ({ message }) => onNotice(message ?? ''));
    // One that breaks while in use fails its queries; unheard, the event would end the process too.
    client.on('error', (error) => onNotice(error.message));
  });
  return pool;
}

export function connectionConfig(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'ironbark',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    keepAlive: true,
    types: { getTypeParser: (type: number) => (text: string) => decodeValue(type, text) },
  };
}

/** Whatever the server's defaults are, times look as they do in the embedded database. */
async function settle(client: pg.ClientBase): Promise<void> {
  await client.query("set timezone to 'UTC'; set datestyle to 'ISO'");
}

/** The address of a database as people and logs may see it. */
export function withoutPassword(url: string): string {
  const parsed = URL.parse(url);
  if (parsed)
    return `${parsed.protocol}//${parsed.username && `${parsed.username}@`}${parsed.host}${parsed.pathname}`;
  throw new IronbarkError(
    'config',
    'The database URL cannot be read.',
    'It looks like postgres://user:password@host:5432/database; special characters in it are %-encoded.',
  );
}
