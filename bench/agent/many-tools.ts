import type { Tool } from '../../src/tools/index.ts';
import { catalogue } from '../tool-search/catalogue.ts';

/** So many tools of many services that do nothing, with descriptions and arguments like real ones. */
export const manyTools = (count: number): readonly Tool[] =>
  catalogue()
    .slice(0, count)
    .map((description) => ({
      ...description,
      effect: 'pure',
      approval: 'never',
      powers: ['reads-private'],
      timeoutMs: 1_000,
      execute: async () => ({ ok: true, content: 'nothing' }),
    }));
