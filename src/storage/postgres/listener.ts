import pg from 'pg';
import { quoteIdentifier } from '../database-session.ts';
import { explain } from '../storage-trouble.ts';

type Handler = (payload: string) => void;

/** Hears notifications on a connection of its own, which is made when it is first needed. */
export interface Listener {
  listen(channel: string, handler: Handler): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;

/**
 * A connection that is lost is made again for as long as somebody listens. What was sent meanwhile is missed:
 * notifications are hints.
 */
export function createListener(config: pg.ClientConfig, location: string): Listener {
  const handlers = new Map<string, Set<Handler>>();
  let connection: Promise<pg.Client> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let retryMs = FIRST_RETRY_MS;

  function connected(): Promise<pg.Client> {
    connection ??= connect().catch((thrown: unknown) => {
      connection = undefined;
      throw thrown;
    });
    return connection;
  }

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client(config);
    client.on('error', () => {}); // 'end' follows.
    client.on('notification', ({ channel, payload = '' }) => notify(channel, payload));
    await client.connect();
    client.once('end', reconnect);
    for (const channel of handlers.keys()) await client.query(`listen ${quoteIdentifier(channel)}`);
    retryMs = FIRST_RETRY_MS;
    return client;
  }

  function notify(channel: string, payload: string): void {
    for (const handler of handlers.get(channel) ?? []) handler(payload);
  }

  function reconnect(): void {
    connection = undefined;
    if (handlers.size === 0) return;
    clearTimeout(retry);
    retry = setTimeout(() => connected().catch(reconnect), retryMs).unref();
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
  }

  async function stop(channel: string, handler: Handler): Promise<void> {
    const others = handlers.get(channel);
    others?.delete(handler);
    if (!others || others.size > 0) return;
    handlers.delete(channel);
    const client = await connection;
    await client?.query(`unlisten ${quoteIdentifier(channel)}`).catch(() => {});
  }

  return {
    async listen(channel, handler) {
      const known = handlers.get(channel) ?? new Set();
      handlers.set(channel, known.add(handler));
      try {
        const client = await connected();
        await client.query(`listen ${quoteIdentifier(channel)}`);
      } catch (thrown) {
        known.delete(handler);
        throw explain(thrown, location);
      }
      return () => stop(channel, handler);
    },
    async close() {
      handlers.clear();
      clearTimeout(retry);
      const client = await connection?.catch(() => undefined);
      await client?.end();
    },
  };
}
