import type { Assistant, AssistantStatus, Grant, GrantRequest } from '../src/core/assistant.ts';
import { IronbarkError } from '../src/core/errors.ts';
import type { JournalEntry } from '../src/core/journal.ts';
import { OWNER } from '../src/core/user.ts';
import type { ActorSystemHandle } from '../src/runtime/index.ts';
import {
  readEntries,
  readMarks,
  recentConversations,
  renameConversation,
  searchEntries,
} from '../src/storage/journal/index.ts';
import { createAccept } from './accept.ts';
import { approvalState, pendingApprovals } from './approval-rows.ts';
import { condenseBy } from './condense.ts';
import { sessionKey } from './conversation-key.ts';
import type { Environment } from './environment.ts';
import { createMemoryDesk } from './memory-desk.ts';
import { createToolsDesk } from './tools-desk.ts';
import { createUpkeepDesk } from './upkeep/desk.ts';

/** The running tree behind the port that its faces use. */
export function createAssistant(
  env: Environment,
  system: () => ActorSystemHandle,
  status: () => AssistantStatus,
): Assistant {
  const { database, clock, ids, feed, policy, audit } = env;

  async function marks(conversationId: string): Promise<readonly JournalEntry[]> {
    const key = sessionKey(conversationId);
    const [newest] = await readEntries(database, key, { limit: 1 });
    return newest ? readMarks(database, key, newest.seq + 1) : [];
  }

  async function addGrant(request: GrantRequest): Promise<Grant> {
    const grantId = ids.next();
    const tool = env.tools.get(request.tool);
    if (!tool) throw new IronbarkError('usage', env.tools.missing(request.tool));
    const at = new Date(clock.now()).toISOString();
    const line = {
      kind: 'grant.given',
      tool: tool.name,
      user: OWNER,
      message: 'Granted beforehand.',
    } as const;
    await database.commit([policy.addStatement({ request, tool, grantId, at }), ...audit.statements([line])]);
    const grant = (await policy.grants()).find(
      (one) => one.tool === tool.name && (one.grantId === grantId || one.grantedAt === at),
    );
    if (!grant) throw new IronbarkError('internal', 'The grant was stored and is not to be found.');
    return grant;
  }

  async function revokeGrant(grantId: string): Promise<boolean> {
    const grant = (await policy.grants()).find((one) => one.grantId === grantId);
    const revoked = await policy.revoke(grantId);
    const message = `Taken back: ${grant?.scope ?? 'any arguments'}.`;
    if (revoked)
      await audit.write([{ kind: 'grant.revoked', tool: grant?.tool ?? '', user: OWNER, message }]);
    return revoked;
  }

  return {
    accept: createAccept(env),
    entries: (conversationId, page) => readEntries(database, sessionKey(conversationId), page),
    conversations: (limit) => recentConversations(database, limit),
    marks,
    rename: (conversationId, title) => renameConversation(database, conversationId, title),
    search: (request) => searchEntries(database, request),
    pendingApprovals: (conversationId) => pendingApprovals(database, conversationId),
    approval: (approvalId) => approvalState(database, approvalId),
    grants: () => policy.grants(),
    addGrant,
    revokeGrant,
    budget: () => env.budgets.report(),
    spending: (days) => env.budgets.history(days),
    tools: createToolsDesk(env, addGrant),
    work: env.work,
    routines: env.routines,
    upkeep: createUpkeepDesk(env),
    secrets: env.secrets,
    models: env.models.desk,
    memory: createMemoryDesk({ ...env, condense: (run) => condenseBy(env, run) }),
    audit: (page) => env.audit.latest(page),
    verifyAudit: () => env.audit.verify(),
    watch: (conversationId, listener) => feed.watch(conversationId, listener),
    watchAll: (listener) => feed.watchAll(listener),
    watchWork: (listener) => feed.watchWork(listener),
    tree: () => system().tree(),
    crash: (path) => system().crash(path),
    hang: (path) => system().hang(path),
    delay: (path, milliseconds) => system().delay(path, milliseconds),
    status,
  };
}
