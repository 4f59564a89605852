import type { WorkDesk } from '../../core/work.ts';

/** An assistant without jobs. */
export function noWork(): WorkDesk {
  const unknown = async () => ({ ok: false, kind: 'unknown', message: 'There are no jobs here.' }) as const;
  return {
    create: async () => {
      throw new Error('nothing can be ordered here');
    },
    list: async () => [],
    counts: async () => ({
      total: 0,
      pending: 0,
      inProgress: 0,
      completed: 0,
      failed: 0,
      stuck: 0,
      cancelled: 0,
    }),
    get: async () => undefined,
    cancel: unknown,
    restart: unknown,
    prompt: unknown,
    judge: unknown,
    events: async () => [],
    files: async () => undefined,
    readFile: async () => ({ ok: false, message: 'There are no jobs here.' }),
    wait: async () => [],
  };
}
