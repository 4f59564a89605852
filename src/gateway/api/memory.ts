import type { FastifyInstance } from 'fastify';
import {
  type MemoryEntry,
  MemoryExplainReply,
  MemoryForgetBody,
  MemoryForgetReply,
  MemoryListQuery,
  MemoryListReply,
  MemoryPathQuery,
  MemoryPathsQuery,
  MemoryPathsReply,
  MemoryReadQuery,
  MemoryReadReply,
  MemorySearchBody,
  MemorySearchReply,
  MemoryStatusReply,
  MemoryStepsQuery,
  MemoryStepsReply,
  MemoryTidyBody,
  MemoryTidyReply,
  MemoryTreeQuery,
  MemoryTreeReply,
  MemoryUndoBody,
  MemoryUndoReply,
  MemoryVersionsReply,
} from '../../core/api/memory.ts';
import type { ForgetTarget, MemoryBranch, MemoryPassage, MemoryProvenance } from '../../core/memory.ts';
import { ok } from '../../core/result.ts';
import type { ApiContext } from './context.ts';
import { explained } from './explained.ts';
import { notFound } from './failure.ts';
import { addRoute } from './route.ts';

const tag = 'memory';
/** What `MemoryDesk.tree` gives at most. */
const MOST_ENTRIES = 500;

export function addMemory(app: FastifyInstance, context: ApiContext): void {
  addFolders(app, context);
  addDocuments(app, context);
  addTidying(app, context);
}

function addFolders(app: FastifyInstance, { assistant: { memory } }: ApiContext): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/memory/tree',
    tag,
    summary: 'What lies beneath a folder, without `path` in all of memory.',
    query: MemoryTreeQuery,
    answer: MemoryTreeReply,
    run: ({ query }) =>
      explained(async () => {
        const branches = await memory.tree(query.path, query.depth);
        return { entries: branches.map(toEntry), complete: branches.length < MOST_ENTRIES };
      }),
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/memory/list',
    tag,
    summary: 'What lies in one folder.',
    query: MemoryListQuery,
    answer: MemoryListReply,
    run: ({ query: { path } }) =>
      explained(async () => {
        const branches = await memory.tree(path, 1);
        const entries = branches.map((branch) => ({ ...toEntry(branch), name: nameOf(branch.path) }));
        return { path, entries, complete: branches.length < MOST_ENTRIES };
      }),
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/memory/paths',
    tag,
    summary: 'Paths of documents in a fixed order, after one.',
    query: MemoryPathsQuery,
    answer: MemoryPathsReply,
    run: async ({ query: { after, limit } }) =>
      ok({ paths: await memory.paths({ limit, ...(after !== undefined && { after }) }) }),
  });
}

function addDocuments(app: FastifyInstance, { assistant: { memory } }: ApiContext): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/memory/read',
    tag,
    summary: 'A document, as it is or as an earlier version of it was.',
    query: MemoryReadQuery,
    answer: MemoryReadReply,
    async run({ query: { path, version } }) {
      const read = await explained(() => memory.read(path, version));
      if (!read.ok) return read;
      if (read.value === undefined) return notFound(noDocument(path, version));
      const { updatedAt, ...document } = read.value;
      return ok({ ...document, updated_at: updatedAt });
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/memory/search',
    tag,
    summary: 'The passages that fit a query, best first.',
    body: MemorySearchBody,
    answer: MemorySearchReply,
    run: ({ body: { query, limit, folder } }) =>
      explained(async () => {
        const found = await memory.search(query, { limit, ...(folder !== undefined && { folder }) });
        const results = found.hits.map(({ snippet, updatedAt, ...hit }) => ({
          ...hit,
          content: snippet,
          updated_at: updatedAt,
        }));
        return { results, ...(found.partial !== undefined && { partial: found.partial }) };
      }),
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/memory/versions',
    tag,
    summary: 'The versions of a document that are kept, newest first.',
    query: MemoryPathQuery,
    answer: MemoryVersionsReply,
    async run({ query: { path } }) {
      const history = await explained(() => memory.history(path));
      if (!history.ok) return history;
      if (history.value === undefined) return notFound(noDocument(path));
      const versions = history.value.versions.map(({ version, characters, changedAt }) => ({
        version,
        characters,
        changed_at: changedAt,
      }));
      return ok({ path, versions });
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/memory/explain',
    tag,
    summary: 'Where each passage of a document came from.',
    query: MemoryPathQuery,
    answer: MemoryExplainReply,
    async run({ query: { path } }) {
      const history = await explained(() => memory.history(path));
      if (!history.ok) return history;
      if (history.value === undefined) return notFound(noDocument(path));
      return ok({ path, passages: history.value.passages.map(toPassage) });
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/memory/forget',
    tag,
    summary:
      'Removes what was kept and all that was made of it; unless told otherwise, only says what that is.',
    body: MemoryForgetBody,
    answer: MemoryForgetReply,
    run: ({ body: { target, dry_run } }) =>
      explained(async () => ({
        dry_run,
        ...(await memory.forget(toTarget(target), { dryRun: dry_run })),
      })),
  });
}

function addTidying(app: FastifyInstance, { assistant: { memory } }: ApiContext): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/memory/tidy',
    tag,
    summary: 'Merges, folds and removes as by night; unless told otherwise, only says what that would be.',
    body: MemoryTidyBody,
    answer: MemoryTidyReply,
    run: ({ body: { dry_run } }) =>
      explained(async () => ({ dry_run, ...(await memory.tidy({ dryRun: dry_run })) })),
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/memory/steps',
    tag,
    summary: 'The latest steps by which memory was tidied, newest first.',
    query: MemoryStepsQuery,
    answer: MemoryStepsReply,
    run: async ({ query: { limit } }) => ok({ steps: await memory.steps(limit) }),
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/memory/undo',
    tag,
    summary: 'Puts everything back as it was before a step.',
    body: MemoryUndoBody,
    answer: MemoryUndoReply,
    run: ({ body }) => explained(() => memory.undo(body.step_id)),
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/memory/status',
    tag,
    summary: 'How much is kept, and whether its vectors are up to date.',
    answer: MemoryStatusReply,
    async run() {
      const { changedAt, ...status } = await memory.status();
      return ok({ ...status, ...(changedAt !== undefined && { changed_at: changedAt }) });
    },
  });
}

function toEntry(branch: MemoryBranch): MemoryEntry {
  const { path } = branch;
  if (branch.type === 'folder') return { path, is_dir: true, documents: branch.documents };
  return { path, is_dir: false, characters: branch.characters, updated_at: branch.updatedAt };
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const noDocument = (path: string, version?: number): string =>
  version === undefined ? `There is no document ${path}.` : `There is no version ${version} of ${path}.`;

const toPassage = ({ firstLine, lastLine, text, sources }: MemoryPassage) => ({
  first_line: firstLine,
  last_line: lastLine,
  text,
  sources: sources.map(toSource),
});

const toSource = ({
  at,
  says,
  origins,
  by,
  name,
  conversationId,
  turnId,
  derivedFrom,
}: MemoryProvenance) => ({
  at,
  says,
  origins,
  ...(by !== undefined && { by }),
  ...(name !== undefined && { name }),
  ...(conversationId !== undefined && { thread_id: conversationId }),
  ...(turnId !== undefined && { turn_id: turnId }),
  ...(derivedFrom !== undefined && { derived_from: derivedFrom }),
});

function toTarget(target: MemoryForgetBody['target']): ForgetTarget {
  if (target.kind !== 'conversation') return target;
  return { kind: 'conversation', conversationId: target.thread_id };
}
