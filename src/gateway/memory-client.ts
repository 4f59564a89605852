import type { MemoryDesk } from '../core/memory.ts';
import type { AskGateway } from './resilient-link.ts';

/** Memory at the other end of a connection. */
export function memoryOver(request: AskGateway): MemoryDesk {
  return {
    async search(query, options) {
      const { hits, partial } = await request('memory-hits', { type: 'memory-search', query, ...options });
      return { hits, ...(partial !== undefined && { partial }) };
    },
    async read(path, version) {
      const asked = { type: 'memory-read', path, ...(version !== undefined && { version }) } as const;
      return (await request('memory-document', asked)).document ?? undefined;
    },
    async write(change) {
      // The same text twice in a row is what adding it again after a lost answer would be.
      const repeat = change.append ? 'once' : 'again';
      return (await request('memory-written', { type: 'memory-write', ...change }, repeat)).written;
    },
    async tree(folder, depth) {
      return (await request('memory-tree', { type: 'memory-tree', folder, depth })).branches;
    },
    paths: async (page) => (await request('memory-paths', { type: 'memory-paths', ...page })).paths,
    async history(path) {
      return (await request('memory-history', { type: 'memory-history', path })).history ?? undefined;
    },
    status: async () => (await request('memory-status', { type: 'memory-status' })).status,
    // Tidied twice is tidied once, but what it did would be told of the second time.
    async tidy({ dryRun }) {
      const repeat = dryRun ? 'again' : 'once';
      return (await request('memory-tidied', { type: 'memory-tidy', dryRun }, repeat)).report;
    },
    steps: async (limit) => (await request('memory-steps', { type: 'memory-steps', limit })).steps,
    async undo(stepId) {
      return (await request('memory-undone', { type: 'memory-undo', stepId }, 'once')).outcome;
    },
    async forget(target, { dryRun }) {
      const repeat = dryRun ? 'again' : 'once';
      return (await request('memory-forgotten', { type: 'memory-forget', target, dryRun }, repeat)).report;
    },
  };
}
