import { NOTHING_SPENT } from '../../budget/testing/nothing-spent.ts';
import type {
  Accepted,
  ApprovalState,
  Assistant,
  ConversationSummary,
  EntryPage,
  Grant,
  GrantRequest,
  Inbound,
  Input,
  LiveEvent,
  PendingApproval,
} from '../../core/assistant.ts';
import type { Clock } from '../../core/clock.ts';
import { IronbarkError } from '../../core/errors.ts';
import { countedIds, type Ids } from '../../core/ids.ts';
import type { Finish, JournalEntry, JournalRecord } from '../../core/journal.ts';
import type { TreeNode } from '../../core/tree.ts';
import { createMemoryModelsDesk } from '../../llm/testing/memory-models-desk.ts';
import { noMemory } from '../../memory/testing/no-memory.ts';
import { noUpkeep } from '../../notifications/testing/no-upkeep.ts';
import { noTools } from '../../policy/testing/no-tools.ts';
import { createMemoryRoutines, type MemoryRoutines } from '../../routines/testing/memory-routines.ts';
import { createMemoryDesk, type MemoryDesk } from '../../secrets/testing/memory-desk.ts';
import { createMemoryWork, type MemoryWork } from '../../work/testing/memory-work.ts';

/**
 * An assistant that keeps its journal in arrays and answers by rule: `wait` keeps a turn open until it is
 * interrupted, `tool` asks for an approval (`tool outside`: under the influence of words from outside),
 * `/go ID` opens another conversation, anything else is echoed.
 */
export interface MemoryAssistant extends Assistant {
  readonly secrets: MemoryDesk;
  readonly routines: MemoryRoutines;
  /** Announces to `watchWork` whatever it is told to. */
  readonly work: MemoryWork;
  /** Adds an entry as if it had happened. */
  append(conversationId: string, record: JournalRecord): JournalEntry;
  /** Adds an entry that is never announced. */
  appendSilently(conversationId: string, record: JournalRecord): void;
  emitDelta(conversationId: string, text: string): void;
  /** Everything accepted, without repeats, in order. */
  readonly inbox: readonly Inbound[];
  /** How many listeners watch a conversation. */
  watchers(conversationId: string): number;
  /** What is thrown by `accept` and `entries` from now on; undefined to work again. */
  break(error: Error | undefined): void;
  /** Faults suffered, for example `crash root`. */
  readonly faults: readonly string[];
  ready: boolean;
}

export interface MemoryAssistantOptions {
  readonly clock: Clock;
  readonly ids?: Ids;
  readonly memory?: Assistant['memory'];
  /** Awaited before entries are read, to let things happen in between. */
  readonly beforeRead?: () => Promise<void>;
  /** Awaited between reading entries and handing them over, by when there may be newer ones. */
  readonly afterRead?: () => Promise<void>;
}

interface Conversation {
  readonly id: string;
  readonly entries: JournalEntry[];
  readonly listeners: Set<(event: LiveEvent) => void>;
  turnId: string | null;
  approval: PendingApproval | null;
}

const NO_USAGE = { inputTokens: 0, outputTokens: 0 };

export function createMemoryAssistant(options: MemoryAssistantOptions): MemoryAssistant {
  const { clock, ids = countedIds(), beforeRead = async () => {}, afterRead = async () => {} } = options;
  const work = createMemoryWork({ clock });
  const routines = createMemoryRoutines(clock, (run) => work.announce({ type: 'routine-run', run }));
  const conversations = new Map<string, Conversation>();
  const accepted = new Map<string, { readonly inbound: Inbound; readonly answer: Accepted }>();
  const asked = new Map<string, ApprovalState>();
  const grants = new Map<string, Grant>();
  const faults: string[] = [];
  const ofAll = new Set<(conversationId: string, event: LiveEvent) => void>();
  const titles = new Map<string, string>();
  let broken: Error | undefined;
  const now = () => new Date(clock.now()).toISOString();

  const conversation = (id: string): Conversation => {
    const found = conversations.get(id);
    if (found !== undefined) return found;
    const made: Conversation = { id, entries: [], listeners: new Set(), turnId: null, approval: null };
    conversations.set(id, made);
    return made;
  };

  const emit = (to: Conversation, event: LiveEvent) => {
    for (const listener of [...ofAll]) listener(to.id, event);
    for (const listener of [...to.listeners]) listener(event);
  };

  const append = (to: Conversation, record: JournalRecord): JournalEntry => {
    const entry: JournalEntry = { ...record, seq: to.entries.length + 1, at: now() };
    to.entries.push(entry);
    emit(to, { type: 'entry', entry });
    return entry;
  };

  const settle = (
    approval: PendingApproval,
    decision: NonNullable<ApprovalState['decision']>,
    decisionReason: string | null = null,
  ) => {
    asked.set(approval.approvalId, { ...approval, decision, decidedAt: now(), decisionReason });
  };

  const reply = (to: Conversation, turnId: string, text: string, finish: Finish) => {
    if (to.approval !== null) settle(to.approval, 'withdrawn');
    append(to, { type: 'turn.replied', turnId, outboxId: ids.next(), text, finish, usage: NO_USAGE });
    to.turnId = null;
    to.approval = null;
  };

  const answer = (to: Conversation, turnId: string, text: string) => {
    const effectId = ids.next();
    append(to, { type: 'model.requested', turnId, effectId, iteration: 1 });
    const half = Math.ceil(text.length / 2);
    emit(to, { type: 'delta', effectId, offset: 0, text: text.slice(0, half) });
    emit(to, { type: 'delta', effectId, offset: half, text: text.slice(half) });
    const model = 'memory';
    append(to, { type: 'model.completed', turnId, effectId, model, text, toolCalls: [], usage: NO_USAGE });
    reply(to, turnId, text, 'answered');
  };

  const askForTool = (to: Conversation, turnId: string, origins: readonly string[]) => {
    const request = {
      approvalId: ids.next(),
      tool: 'write_file',
      arguments: { path: 'notes.md', content: 'Buy milk' },
      reason: 'Writes the file notes.md',
      allowAlways: true,
      scope: 'files in /srv/notes',
      origins,
    };
    to.approval = { ...request, conversationId: to.id, requestedAt: now() };
    asked.set(request.approvalId, { ...to.approval, decision: null, decidedAt: null, decisionReason: null });
    append(to, { ...request, type: 'approval.requested', turnId, callId: request.approvalId });
  };

  const runTool = (to: Conversation, turnId: string, { tool, arguments: args }: PendingApproval) => {
    const effectId = ids.next();
    append(to, { type: 'tool.requested', turnId, effectId, callId: effectId, tool, arguments: args });
    append(to, {
      type: 'tool.completed',
      turnId,
      effectId,
      callId: effectId,
      tool,
      outcome: 'succeeded',
      content: 'Wrote 8 bytes.',
      durationMs: 12,
    });
  };

  const decide = (to: Conversation, inboxId: string, input: Extract<Input, { type: 'approval' }>) => {
    const { approval, turnId } = to;
    if (turnId === null || approval?.approvalId !== input.approvalId) {
      append(to, { type: 'input.refused', inboxId, reason: whyStale(asked.get(input.approvalId)) });
      return;
    }
    const { decision, reason } = input;
    const { approvalId, tool } = approval;
    settle(approval, decision, reason);
    append(to, { type: 'approval.decided', turnId, approvalId, callId: approvalId, tool, decision, reason });
    to.approval = null;
    if (decision === 'always' || decision === 'conversation') {
      grant({ tool, targets: [], influenced: false }, decision === 'always' ? null : to.id);
    }
    if (decision !== 'deny') runTool(to, turnId, approval);
    answer(to, turnId, decision === 'deny' ? 'Then I leave it.' : 'Done: notes.md is written.');
  };

  const grant = (
    { tool, targets, expiresAt, influenced }: GrantRequest,
    conversationId: string | null = null,
  ): Grant => {
    const grantId = ids.next();
    const scope = targets.length === 0 ? 'any arguments' : `only ${targets.join(', ')}`;
    const until = expiresAt ?? null;
    const terms = { scope, grantedAt: now(), expiresAt: until, conversationId, influenced, outdated: false };
    const given = { grantId, tool, ...terms };
    grants.set(grantId, given);
    return given;
  };

  const act = (to: Conversation, inboxId: string, input: Input) => {
    if (input.type === 'approval') decide(to, inboxId, input);
    else if (input.type === 'interrupt') {
      if (to.turnId !== null) reply(to, to.turnId, 'Stopped.', 'interrupted');
    } else begin(to, inboxId, input.text);
  };

  const go = (to: Conversation, turnId: string, opens: string) => {
    const [effectId, text] = [ids.next(), `Going to ${opens}.`];
    append(to, { type: 'command.completed', turnId, effectId, command: 'go', text, opens });
    reply(to, turnId, text, 'answered');
  };

  const begin = (to: Conversation, inboxId: string, text: string) => {
    const turnId = ids.next();
    to.turnId = turnId;
    append(to, { type: 'turn.began', turnId, messages: [{ inboxId, text }], route: 'query' });
    if (text.startsWith('/go ')) return go(to, turnId, text.slice(4));
    if (text.startsWith('tool')) askForTool(to, turnId, text.includes('outside') ? OUTSIDE : []);
    else if (!text.startsWith('wait')) answer(to, turnId, `You said: ${text}`);
  };

  const suffer = (fault: string, path: string): boolean => {
    if (path !== TREE.path) return false;
    faults.push(`${fault} ${path}`);
    return true;
  };

  const summary = (of: Conversation): ConversationSummary => ({
    conversationId: of.id,
    channel: 'web',
    title:
      titles.get(of.id) ??
      of.entries.flatMap((entry) => (entry.type === 'turn.began' ? entry.messages : []))[0]?.text ??
      null,
    createdAt: of.entries[0]?.at ?? now(),
    lastActiveAt: of.entries.at(-1)?.at ?? now(),
    cursor: of.entries.length,
    busy: of.turnId !== null,
  });

  return {
    ready: true,
    faults,
    get inbox() {
      return [...accepted.values()].map(({ inbound }) => inbound);
    },
    appendSilently(id, record) {
      const { entries } = conversation(id);
      entries.push({ ...record, seq: entries.length + 1, at: now() });
    },
    append: (id, record) => append(conversation(id), record),
    emitDelta: (id, text) => emit(conversation(id), { type: 'delta', effectId: 'effect', offset: 0, text }),
    watchers: (id) => conversation(id).listeners.size,
    break(error) {
      broken = error;
    },
    async accept(inbound) {
      if (broken !== undefined) throw broken;
      const key = `${inbound.channel} ${inbound.externalId}`;
      const earlier = accepted.get(key);
      if (earlier !== undefined) return { ...earlier.answer, duplicate: true };
      const { conversationId } = inbound;
      const taken = { inboxId: ids.next(), conversationId, duplicate: false };
      accepted.set(key, { inbound, answer: taken });
      queueMicrotask(() => act(conversation(conversationId), taken.inboxId, inbound.input));
      return taken;
    },
    async entries(id, page) {
      await beforeRead();
      if (broken !== undefined) throw broken;
      const found = select(conversation(id).entries, page);
      await afterRead();
      return found;
    },
    conversations: async (limit) => [...conversations.values()].map(summary).slice(0, limit),
    marks: async (id) => conversation(id).entries.filter(({ type }) => type.startsWith('history.')),
    async rename(id, title) {
      if (conversations.has(id)) titles.set(id, title);
      return conversations.has(id);
    },
    search: async ({ query, limit }) =>
      [...conversations.values()]
        .flatMap(({ id, entries }) => entries.map((entry) => ({ id, entry })))
        .flatMap(({ id, entry }) => {
          if (entry.type !== 'turn.replied' || !entry.text.includes(query)) return [];
          const { seq, at, text } = entry;
          const place = { conversationId: id, title: null, seq, at };
          return [{ ...place, by: 'assistant' as const, snippet: text, hidden: null }];
        })
        .slice(0, limit),
    pendingApprovals: async (id) =>
      [...conversations.values()].flatMap(({ approval }) =>
        approval !== null && (id === undefined || approval.conversationId === id) ? [approval] : [],
      ),
    approval: async (id) => asked.get(id),
    audit: async () => [],
    verifyAudit: async () => ({ ok: true, lines: 0, head: '0'.repeat(64), fault: null }),
    budget: async () => NOTHING_SPENT,
    spending: async () => ({ timezone: 'UTC', days: [], models: [], conversations: [] }),
    tools: noTools(),
    secrets: createMemoryDesk(),
    models: createMemoryModelsDesk(),
    memory: options.memory ?? noMemory(),
    grants: async () => [...grants.values()],
    async addGrant(request) {
      if (request.tool === 'write_file') return grant(request);
      throw new IronbarkError('usage', `There is no tool named "${request.tool}".`);
    },
    revokeGrant: async (grantId) => grants.delete(grantId),
    watch(id, listener) {
      const { listeners } = conversation(id);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watchAll(listener) {
      ofAll.add(listener);
      return () => ofAll.delete(listener);
    },
    work,
    routines,
    upkeep: noUpkeep(),
    watchWork: (listener) => work.watch(listener),
    tree: () => TREE,
    status() {
      const { ready } = this;
      return { ready, version: '1.2.3', startedAt: now(), database: 'memory', model: 'memory' };
    },
    crash: (path) => suffer('crash', path),
    hang: (path) => suffer('hang', path),
    delay: (path, milliseconds) => suffer(`delay ${milliseconds}`, path),
  };
}

function select(entries: readonly JournalEntry[], { after, before, limit }: EntryPage): JournalEntry[] {
  if (after !== undefined) return entries.filter(({ seq }) => seq > after).slice(0, limit);
  return entries.filter(({ seq }) => seq < (before ?? Number.POSITIVE_INFINITY)).slice(-limit);
}

const OUTSIDE = ['weather (api.weather.example)', 'the file notes.txt'];

function whyStale(state: ApprovalState | undefined): string {
  if (state === undefined) return 'There is no such question.';
  const at = state.decidedAt?.slice(11, 16);
  return state.decision === 'withdrawn'
    ? `Withdrawn at ${at}: the turn ended.`
    : `Already answered: ${state.decision}, at ${at}.`;
}

const TREE: TreeNode = {
  id: 'root',
  path: 'root',
  kind: 'supervisor',
  state: 'running',
  incarnation: 1,
  restarts: 0,
  mailbox: 0,
  strategy: 'rest_for_one 3/5s',
  children: [],
};
