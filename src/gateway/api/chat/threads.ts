import type { FastifyInstance } from 'fastify';
import {
  HistoryAnswer,
  HistoryQuery,
  InterruptAnswer,
  InterruptRequest,
  NewThread,
  type PendingGate,
  ThreadChange,
  type ThreadInfo,
  ThreadParams,
  ThreadsAnswer,
  ThreadsQuery,
} from '../../../core/api/chat.ts';
import type { Assistant, ConversationSummary, PendingApproval } from '../../../core/assistant.ts';
import { ok } from '../../../core/result.ts';
import { interruptTurn } from '../../inputs.ts';
import type { ApiContext } from '../context.ts';
import { notFound } from '../failure.ts';
import { addRoute } from '../route.ts';
import { readTurns, turnAt } from './read-turns.ts';

const tag = 'chat';
/** Threads that are looked through by title, the latest first. */
const MAX_THREADS = 200;
const NO_THREAD = 'There is no such thread.';

export function addThreads(app: FastifyInstance, { assistant, ids, clock }: ApiContext): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/chat/threads',
    tag,
    summary: 'Threads, the one with the latest activity first.',
    query: ThreadsQuery,
    answer: ThreadsAnswer,
    async run({ query }) {
      const threads = (await findThreads(assistant, query.search)).slice(0, query.limit).map(threadInfo);
      const [latest] = threads;
      return ok({
        assistant_thread: null,
        threads,
        ...(latest !== undefined && { active_thread: latest.id }),
      });
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/chat/thread/new',
    tag,
    summary: 'An id for another thread, which is there from its first message on.',
    status: 201,
    answer: NewThread,
    run: async () => ok({ id: ids.next(), created_at: new Date(clock.now()).toISOString() }),
  });
  addRoute(app, {
    method: 'PATCH',
    url: '/api/chat/thread/:id',
    tag,
    summary: 'Gives a thread another title.',
    params: ThreadParams,
    body: ThreadChange,
    answer: ThreadChange,
    async run({ params, body: { title } }) {
      const renamed = await assistant.rename(params.id, title);
      return renamed ? ok({ title }) : notFound(NO_THREAD);
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/chat/interrupt',
    tag,
    summary: 'Stops the turn that runs in a thread; what it wrote so far stays.',
    body: InterruptRequest,
    status: 202,
    answer: InterruptAnswer,
    async run({ body: { thread_id } }) {
      if (!(await exists(assistant, thread_id))) return notFound(NO_THREAD);
      await interruptTurn(assistant, thread_id, ids.next());
      return ok({ status: 'accepted' as const, thread_id });
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/chat/history',
    tag,
    summary: 'The latest turns of a thread, or those before one; what runs and what it waits for.',
    query: HistoryQuery,
    answer: HistoryAnswer,
    async run({ query: { thread_id, limit, before } }) {
      const first = await firstExcluded(assistant, thread_id, before);
      const { turns, hasMore } = await readTurns(assistant, { threadId: thread_id, limit, before: first });
      const [pending] = await assistant.pendingApprovals(thread_id);
      const [oldest, newest] = [turns.at(0), turns.at(-1)];
      return ok({
        thread_id,
        turns,
        has_more: hasMore,
        ...(oldest !== undefined && { oldest_timestamp: oldest.started_at }),
        ...(pending !== undefined && { pending_gate: pendingGate(pending) }),
        ...(newest !== undefined && before === undefined && running(newest)),
      });
    },
  });
}

async function exists(assistant: Assistant, threadId: string): Promise<boolean> {
  return (await assistant.entries(threadId, { after: 0, limit: 1 })).length > 0;
}

async function firstExcluded(assistant: Assistant, threadId: string, before: number | string | undefined) {
  if (before === undefined) return Number.MAX_SAFE_INTEGER;
  return typeof before === 'number' ? before : turnAt(assistant, threadId, before);
}

type Turn = Awaited<ReturnType<typeof readTurns>>['turns'][number];

function running({ turn_number, state, user_input, started_at }: Turn) {
  if (state !== 'Processing' && state !== 'AwaitingApproval') return {};
  return { in_progress: { turn_number, state, user_input, started_at } };
}

/** With words: those whose title contains them, then those in which they were said. */
async function findThreads(assistant: Assistant, words: string): Promise<readonly ConversationSummary[]> {
  const latest = await assistant.conversations(MAX_THREADS);
  if (words.trim() === '') return latest;
  const titled = latest.filter(({ title }) => title?.toLowerCase().includes(words.trim().toLowerCase()));
  const hits = await assistant.search({ query: words, limit: 100 });
  const said = new Set(hits.map(({ conversationId }) => conversationId));
  return [...titled, ...latest.filter((one) => said.has(one.conversationId) && !titled.includes(one))];
}

const threadInfo = (summary: ConversationSummary): ThreadInfo => ({
  id: summary.conversationId,
  state: summary.busy ? 'processing' : 'idle',
  title: summary.title,
  created_at: summary.createdAt,
  updated_at: summary.lastActiveAt,
  thread_type: 'thread',
  channel: summary.channel,
  cursor: summary.cursor,
});

const pendingGate = (pending: PendingApproval): PendingGate => ({
  request_id: pending.approvalId,
  thread_id: pending.conversationId,
  gate_name: 'approval',
  tool_name: pending.tool,
  description: pending.reason,
  parameters: JSON.stringify(pending.arguments, null, 2),
  resume_kind: { type: 'approval', allow_always: pending.allowAlways },
  ...(pending.scope !== undefined && { scope: pending.scope }),
  origins: pending.origins,
  requested_at: pending.requestedAt,
});
