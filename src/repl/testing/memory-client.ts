import { NOTHING_SPENT } from '../../budget/testing/nothing-spent.ts';
import type { ApprovalState, Grant, GrantRequest, LiveEvent, PendingApproval } from '../../core/assistant.ts';
import type { AuditEntry, AuditPage, AuditVerdict } from '../../core/audit.ts';
import type { BudgetReport } from '../../core/budget.ts';
import type { JournalEntry, JournalRecord } from '../../core/journal.ts';
import type { MemoryDesk } from '../../core/memory.ts';
import { createMemoryModelsDesk } from '../../llm/testing/memory-models-desk.ts';
import { noMemory } from '../../memory/testing/no-memory.ts';
import { createMemoryDesk } from '../../secrets/testing/memory-desk.ts';
import type { Client } from '../client.ts';

const GRANT: Grant = {
  grantId: 'g1',
  tool: 'shell',
  scope: 'any arguments',
  grantedAt: '2026-01-01T00:00:00Z',
  expiresAt: null,
  conversationId: null,
  influenced: false,
  outdated: false,
};

/** A client without an assistant behind it: the test plays the assistant. */
export class MemoryClient implements Client {
  readonly welcome = { version: '1.2.3', model: 'offline' };
  /** Every request that changes something, as `name: what`. */
  readonly requests: string[] = [];
  readonly secrets = createMemoryDesk();
  readonly models = createMemoryModelsDesk();
  memory: MemoryDesk = noMemory();
  pending: PendingApproval[] = [];
  /** Questions that wait no more. */
  settled: ApprovalState[] = [];
  granted: readonly Grant[] = [GRANT];
  spending: BudgetReport = NOTHING_SPENT;
  /** Newest first. */
  auditLog: AuditEntry[] = [];
  auditFault: AuditVerdict['fault'] = null;
  /** When set, the next request rejects with it. */
  failure: Error | undefined;
  private readonly journals = new Map<string, JournalEntry[]>();
  private readonly listeners = new Map<string, (event: LiveEvent) => void>();
  private sent = 0;

  /** Adds to a conversation's journal and pushes it to whoever watches. */
  record(conversationId: string, record: JournalRecord): void {
    const journal = this.journalOf(conversationId);
    const entry = { seq: journal.length + 1, at: new Date(journal.length * 1000).toISOString(), ...record };
    journal.push(entry);
    this.listeners.get(conversationId)?.({ type: 'entry', entry });
  }

  push(conversationId: string, event: LiveEvent): void {
    this.listeners.get(conversationId)?.(event);
  }

  async send(conversationId: string, text: string, options: { mode?: string } = {}) {
    await this.note(`${options.mode ?? 'queue'} ${conversationId}: ${text}`);
    return { inboxId: `inbox-${++this.sent}` };
  }

  interrupt(conversationId: string) {
    return this.note(`interrupt ${conversationId}`);
  }

  approve(_conversationId: string, approvalId: string, decision: string, reason?: string) {
    return this.note(`${decision} ${approvalId}${reason === undefined ? '' : `: ${reason}`}`);
  }

  async history(conversationId: string, { limit = 100 }: { limit?: number }) {
    const journal = this.journalOf(conversationId);
    return { entries: journal.slice(-limit), hasMore: journal.length > limit };
  }

  async conversations() {
    return [...this.journals].map(([conversationId, entries]) => ({
      conversationId,
      channel: 'web',
      title: `About ${conversationId}`,
      createdAt: entries[0]?.at ?? '',
      lastActiveAt: entries.at(-1)?.at ?? '',
      cursor: entries.length,
      busy: false,
    }));
  }

  async search(query: string) {
    await this.note(`search ${query}`);
    return [];
  }

  async approvals() {
    return this.pending;
  }

  async approval(approvalId: string): Promise<ApprovalState | undefined> {
    const open = this.pending.find((one) => one.approvalId === approvalId);
    if (open !== undefined) return { ...open, decision: null, decidedAt: null, decisionReason: null };
    return this.settled.find((one) => one.approvalId === approvalId);
  }

  async audit({ limit = 50, tool, hash }: Partial<AuditPage>) {
    return this.auditLog
      .filter((entry) => tool === undefined || entry.tool === tool)
      .filter((entry) => hash === undefined || entry.hash === hash)
      .slice(0, limit);
  }

  async verifyAudit(): Promise<AuditVerdict> {
    const head = this.auditLog[0]?.hash ?? '0'.repeat(64);
    const lines = this.auditLog.length;
    return { ok: this.auditFault === null, lines, head, fault: this.auditFault };
  }

  async budget() {
    return this.spending;
  }

  async grants() {
    return this.granted;
  }

  async grant({ tool, targets, expiresAt, influenced }: GrantRequest): Promise<Grant> {
    const scope = targets.length === 0 ? 'any arguments' : `only ${targets.join(', ')}`;
    await this.note(`grant ${tool}: ${scope}${influenced ? ', even if influenced' : ''}`);
    return { ...GRANT, grantId: 'g2', tool, scope, expiresAt: expiresAt ?? null, influenced };
  }

  revoke(grantId: string) {
    return this.note(`revoke ${grantId}`);
  }

  async tree() {
    return {
      id: 'root',
      path: 'root',
      kind: 'supervisor' as const,
      state: 'running',
      incarnation: 1,
      restarts: 0,
      mailbox: 0,
      children: [],
    };
  }

  async subscribe(conversationId: string, after: number, listener: (event: LiveEvent) => void) {
    const journal = this.journalOf(conversationId);
    for (const entry of journal.slice(after)) listener({ type: 'entry', entry });
    this.listeners.set(conversationId, listener);
    return { cursor: journal.length, stop: () => this.listeners.delete(conversationId) };
  }

  async close() {
    this.requests.push('close');
  }

  private async note(request: string): Promise<void> {
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure;
    this.requests.push(request);
  }

  private journalOf(conversationId: string): JournalEntry[] {
    const journal = this.journals.get(conversationId) ?? [];
    this.journals.set(conversationId, journal);
    return journal;
  }
}
