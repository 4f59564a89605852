import type { Accepted, Assistant, GrantRequest } from '../core/assistant.ts';
import { IronbarkError } from '../core/errors.ts';
import type { Ids } from '../core/ids.ts';
import type { JournalEntry } from '../core/journal.ts';
import type { NewSecret } from '../core/secrets.ts';
import type { ClientFrame, ServerFrame } from '../core/wire.ts';
import { errorFrame } from './frames.ts';
import { answerApproval, interruptTurn, sendMessage } from './inputs.ts';
import type { GatewayLog } from './log.ts';
import { answerMemory } from './memory-requests.ts';
import { isTooLarge, TOO_LARGE } from './message-limit.ts';
import { searchConversations } from './search-conversations.ts';

/** Requests whose answer depends on nothing but the assistant. Subscriptions belong to their connection. */
export type Request = Exclude<ClientFrame, { type: 'subscribe' | 'unsubscribe' }>;

export interface RequestContext {
  readonly assistant: Assistant;
  readonly ids: Ids;
  readonly allowFaults: boolean;
  readonly log: GatewayLog;
}

const MAX_CONVERSATIONS = 200;
const MAX_AUDIT = 9_999;
const MAX_HISTORY = 200;
const DEFAULT_HISTORY = 50;
const MAX_HISTORY_CHARS = 1024 * 1024;

/** Answers one request; whatever goes wrong is an answer too. */
export async function answerRequest(request: Request, context: RequestContext): Promise<ServerFrame> {
  try {
    return await answer(request, context);
  } catch (error) {
    // What was asked wrongly is no trouble of ours.
    if (isMistake(error)) return errorFrame(request.requestId, 'not-found', explain(error));
    context.log.error({ err: error, request: request.type }, 'a request failed');
    return errorFrame(request.requestId, 'storage', explain(error));
  }
}

async function answer(request: Request, context: RequestContext): Promise<ServerFrame> {
  const { assistant } = context;
  const { requestId } = request;
  switch (request.type) {
    case 'send':
      return send(request, context);
    case 'interrupt':
      return accepted(request, await interruptTurn(assistant, request.conversationId, context.ids.next()));
    case 'approve':
      return accepted(request, await approve(request, context));
    case 'history':
      return history(request, assistant);
    case 'conversations':
      return {
        type: 'conversations',
        requestId,
        conversations: await assistant.conversations(MAX_CONVERSATIONS),
      };
    case 'search':
      return { type: 'search', requestId, hits: await searchConversations(request, assistant) };
    case 'approvals':
      return {
        type: 'approvals',
        requestId,
        approvals: await assistant.pendingApprovals(request.conversationId),
      };
    case 'approval':
      return {
        type: 'approval',
        requestId,
        approval: (await assistant.approval(request.approvalId)) ?? null,
      };
    case 'grants':
      return { type: 'grants', requestId, grants: await assistant.grants() };
    case 'grant':
      return { type: 'granted', requestId, grant: await assistant.addGrant(grantRequest(request)) };
    case 'revoke':
      return doneOr(
        requestId,
        await assistant.revokeGrant(request.grantId),
        'There is no such grant (any more).',
      );
    case 'audit':
      return {
        type: 'audit',
        requestId,
        entries: await assistant.audit({
          limit: Math.min(Math.max(request.limit ?? 50, 1), MAX_AUDIT),
          tool: request.tool,
          hash: request.hash,
        }),
      };
    case 'audit-verify':
      return { type: 'audit-verified', requestId, verdict: await assistant.verifyAudit() };
    case 'budget':
      return { type: 'budget', requestId, report: await assistant.budget() };
    case 'secrets':
      return { type: 'secrets', requestId, report: await assistant.secrets.list() };
    case 'secret-set':
      await assistant.secrets.set(newSecret(request));
      return { type: 'done', requestId };
    case 'secret-delete':
      await assistant.secrets.delete(request.name);
      return { type: 'done', requestId };
    case 'secret-rotate':
      return { type: 'secrets-rotated', requestId, rotation: await assistant.secrets.rotate() };
    case 'models':
      return { type: 'models', requestId, status: await assistant.models.status() };
    case 'model-use':
      return { type: 'models', requestId, status: await assistant.models.use(request.reference) };
    case 'model-thinking':
      return { type: 'models', requestId, status: await assistant.models.setThinking(request.level) };
    case 'model-providers':
      return { type: 'model-providers', requestId, providers: await assistant.models.providers() };
    case 'model-list':
      return { type: 'models-listed', requestId, offers: await assistant.models.list(request.provider) };
    case 'model-test':
      return { type: 'model-tested', requestId, trial: await assistant.models.test(request.reference) };
    case 'memory-search':
    case 'memory-read':
    case 'memory-write':
    case 'memory-tree':
    case 'memory-paths':
    case 'memory-history':
    case 'memory-status':
    case 'memory-forget':
    case 'memory-tidy':
    case 'memory-steps':
    case 'memory-undo':
      return answerMemory(request, assistant.memory);
    case 'tree':
      return { type: 'tree', requestId, root: assistant.tree() };
    case 'ping':
      return { type: 'pong', requestId };
    case 'crash':
    case 'hang':
    case 'delay':
      return fault(request, context);
  }
}

function grantRequest({ tool, targets, expiresAt, influenced }: GrantFrame): GrantRequest {
  return { tool, targets, influenced, ...(expiresAt !== undefined && { expiresAt }) };
}

type GrantFrame = Extract<Request, { type: 'grant' }>;

function newSecret({ name, value, expiresAt }: Extract<Request, { type: 'secret-set' }>): NewSecret {
  return { name, value, ...(expiresAt !== undefined && { expiresAt }) };
}

async function send(
  request: Extract<Request, { type: 'send' }>,
  context: RequestContext,
): Promise<ServerFrame> {
  const { conversationId, messageId, text, mode = 'queue' } = request;
  if (isTooLarge(text)) return errorFrame(request.requestId, 'too-large', TOO_LARGE);
  const message = { conversationId, messageId, text, ...(mode !== 'auto' && { mode }) };
  return accepted(request, await sendMessage(context.assistant, message));
}

function approve(
  request: Extract<Request, { type: 'approve' }>,
  { assistant }: RequestContext,
): Promise<Accepted> {
  const { conversationId, approvalId, decision, reason = null, answerId } = request;
  const given = { conversationId, approvalId, decision, reason };
  return answerApproval(assistant, answerId === undefined ? given : { ...given, answerId });
}

function accepted(
  { requestId }: { readonly requestId: string },
  { conversationId, inboxId, duplicate }: Accepted,
): ServerFrame {
  return { type: 'accepted', requestId, conversationId, inboxId, duplicate };
}

async function history(
  { requestId, conversationId, before = Number.MAX_SAFE_INTEGER, limit = DEFAULT_HISTORY }: HistoryRequest,
  assistant: Assistant,
): Promise<ServerFrame> {
  const wanted = Math.min(Math.max(limit, 1), MAX_HISTORY);
  const found = await assistant.entries(conversationId, { before, limit: wanted + 1 });
  const entries = newestWithin(found.slice(-wanted), MAX_HISTORY_CHARS);
  return { type: 'history', requestId, conversationId, entries, hasMore: entries.length < found.length };
}

type HistoryRequest = Extract<Request, { type: 'history' }>;

/** The newest entries that together are not too long for one frame, but at least one. */
function newestWithin(entries: readonly JournalEntry[], chars: number): readonly JournalEntry[] {
  let first = entries.length;
  let used = 0;
  while (first > 0) {
    used += JSON.stringify(entries[first - 1]).length;
    if (used > chars && first < entries.length) break;
    first--;
  }
  return entries.slice(first);
}

type FaultRequest = Extract<Request, { type: 'crash' | 'hang' | 'delay' }>;

function fault(request: FaultRequest, { assistant, allowFaults }: RequestContext): ServerFrame {
  const { requestId, type } = request;
  if (!allowFaults)
    return errorFrame(requestId, 'forbidden', 'This assistant was not started with fault injection.');
  return doneOr(requestId, inflict(request, assistant), `There is no actor at this path to ${type}.`);
}

function inflict(request: FaultRequest, assistant: Assistant): boolean {
  switch (request.type) {
    case 'crash':
      return assistant.crash(request.path);
    case 'hang':
      return assistant.hang(request.path);
    case 'delay':
      return assistant.delay(request.path, request.milliseconds);
  }
}

function doneOr(requestId: string, done: boolean, otherwise: string): ServerFrame {
  return done ? { type: 'done', requestId } : errorFrame(requestId, 'not-found', otherwise);
}

const isMistake = (error: unknown): boolean => error instanceof IronbarkError && error.kind === 'usage';

/** What may be shown of an error: errors meant for people say it themselves; others are in the log only. */
function explain(error: unknown): string {
  if (error instanceof IronbarkError) return error.explanation;
  return 'The assistant could not reach its storage, so nothing was changed. Check its disk and log, then try again.';
}
