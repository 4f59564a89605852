import { IronbarkError } from '../../core/errors.ts';
import type { ModelsDesk, ModelsStatus } from '../../core/models.ts';

/** A desk over two models that exist in name only. */
export function createMemoryModelsDesk(): ModelsDesk {
  const known = ['memory/small', 'memory/large'];
  let chosen: string | undefined;
  let thinking: string | null = null;
  const status = async (): Promise<ModelsStatus> => ({
    thinking,
    chosen: chosen !== undefined,
    main: [{ reference: chosen ?? 'memory/small', state: 'closed', lastFailure: null }],
    cheap: [],
    running: 0,
    waiting: 0,
    maxConcurrent: 16,
  });
  const checked = (reference: string): string => {
    if (known.includes(reference)) return reference;
    throw new IronbarkError('usage', `There is no model "${reference}".`, `There are ${known.join(', ')}.`);
  };
  return {
    status,
    async use(reference) {
      chosen = reference === 'default' ? undefined : checked(reference);
      return status();
    },
    async setThinking(level) {
      thinking = level === 'default' ? null : level;
      return status();
    },
    list: async () => known.map((reference) => ({ reference, title: null, contextTokens: 1_000 })),
    providers: async () => [
      {
        name: 'memory',
        label: 'Memory',
        configured: true,
        available: true,
        reason: null,
        current: true,
        local: true,
        keyRequired: false,
        keySecret: 'MEMORY_API_KEY',
        keyIsSet: false,
        baseUrl: null,
        defaultModel: 'small',
      },
    ],
    test: async (reference = 'memory/small') => ({
      reference: checked(reference),
      ms: 1,
      model: 'memory',
      failure: null,
    }),
  };
}
