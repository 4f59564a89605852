import type { MemoryDesk } from '../core/memory.ts';
import type { ClientFrame, ServerFrame } from '../core/wire.ts';

export type MemoryRequest = Extract<ClientFrame, { type: `memory-${string}` }>;

const MAX_HITS = 50;
const MAX_DEPTH = 20;
const MAX_PATHS = 1_000;
const MAX_STEPS = 1_000;

/** Answers what is asked of memory. Numbers that are too large or small are bounded. */
export async function answerMemory(request: MemoryRequest, memory: MemoryDesk): Promise<ServerFrame> {
  const { requestId } = request;
  switch (request.type) {
    case 'memory-search': {
      const { query, limit = 10, folder } = request;
      const options = { limit: within(limit, MAX_HITS), ...(folder !== undefined && { folder }) };
      return { type: 'memory-hits', requestId, ...(await memory.search(query, options)) };
    }
    case 'memory-read': {
      const document = (await memory.read(request.path, request.version)) ?? null;
      return { type: 'memory-document', requestId, document };
    }
    case 'memory-write': {
      const { type: _, requestId: __, ...change } = request;
      return { type: 'memory-written', requestId, written: await memory.write(change) };
    }
    case 'memory-tree': {
      const branches = await memory.tree(request.folder, within(request.depth ?? 1, MAX_DEPTH));
      return { type: 'memory-tree', requestId, branches };
    }
    case 'memory-paths': {
      const { after, limit = MAX_PATHS } = request;
      const page = { ...(after !== undefined && { after }), limit: within(limit, MAX_PATHS) };
      return { type: 'memory-paths', requestId, paths: await memory.paths(page) };
    }
    case 'memory-history': {
      const history = (await memory.history(request.path)) ?? null;
      return { type: 'memory-history', requestId, history };
    }
    case 'memory-status':
      return { type: 'memory-status', requestId, status: await memory.status() };
    case 'memory-tidy': {
      const report = await memory.tidy({ dryRun: request.dryRun });
      return { type: 'memory-tidied', requestId, report };
    }
    case 'memory-steps': {
      const steps = await memory.steps(within(request.limit ?? 20, MAX_STEPS));
      return { type: 'memory-steps', requestId, steps };
    }
    case 'memory-undo':
      return { type: 'memory-undone', requestId, outcome: await memory.undo(request.stepId) };
    case 'memory-forget': {
      const report = await memory.forget(request.target, { dryRun: request.dryRun });
      return { type: 'memory-forgotten', requestId, report };
    }
  }
}

const within = (number: number, most: number): number => Math.min(Math.max(number, 1), most);
