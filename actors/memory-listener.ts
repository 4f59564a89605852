import { fromCallback } from 'xstate';
import type { Environment } from './environment.ts';

export interface MemoryListenerInput {
  readonly env: Pick<Environment, 'memory' | 'database' | 'log'>;
}

/**
 * Hears when another process on the same server writes to memory, so that what this one has read of it is read anew.
 * An embedded database is nobody else's. While the connection is away the others' writes are found within five minutes.
 */
export const memoryListener = fromCallback<{ type: 'listen' }, MemoryListenerInput>(({ input: { env } }) => {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let leave: (() => Promise<void>) | undefined;

  async function listen(): Promise<void> {
    try {
      if (env.database.kind !== 'postgres') return;
      leave = await env.memory.hearOthers();
      if (stopped) return await leave();
      await env.database.closed;
    } catch (error) {
      env.log.debug({ err: error }, 'nobody tells when another process changes memory');
    }
    if (!stopped) timer = setTimeout(listen, RETRY_MS);
  }

  void listen();
  return () => {
    stopped = true;
    clearTimeout(timer);
    leave?.().catch(() => {});
  };
});

/** After the database was lost. */
const RETRY_MS = 5_000;
