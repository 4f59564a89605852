import type { MemoryTidyDesk } from '../src/core/memory.ts';
import type { TidyDeskParts } from './tidying.ts';

/** Tidying when a person wants it; loaded with the first time. */
export function createTidyDesk(parts: TidyDeskParts): MemoryTidyDesk {
  const open = async (): Promise<MemoryTidyDesk> => (await import('./tidying.ts')).openTidyDesk(parts);
  return {
    tidy: async (options) => (await open()).tidy(options),
    steps: async (limit) => (await open()).steps(limit),
    undo: async (stepId) => (await open()).undo(stepId),
  };
}
