import type { ConversationSummary, Grant, PendingApproval } from '../core/assistant.ts';
import type { AuditEntry } from '../core/audit.ts';
import { intentOf } from './cards.ts';
import { plainText } from './plain-text.ts';
import { displayWidth, fitted } from './width.ts';

const TITLE_COLUMNS = 48;

/** Conversations as rows of id, last activity, state and title; latest first. */
export function conversationsText(conversations: readonly ConversationSummary[]): string {
  if (conversations.length === 0) return 'No conversations yet.';
  return table(
    latestFirst(conversations).map((one) => [
      one.conversationId,
      moment(one.lastActiveAt),
      one.busy ? 'busy' : '',
      fitted(plainText(one.title ?? '(no title)'), TITLE_COLUMNS),
    ]),
  );
}

export function latestFirst(conversations: readonly ConversationSummary[]): readonly ConversationSummary[] {
  return conversations.toSorted((a, b) => b.lastActiveAt.localeCompare(a.lastActiveAt));
}

export function grantsText(grants: readonly Grant[]): string {
  if (grants.length === 0) return 'Nothing is always allowed.';
  return table(
    grants.map((one) => [one.grantId, plainText(one.tool), plainText(one.scope), moment(one.grantedAt)]),
  );
}

export function approvalsText(approvals: readonly PendingApproval[]): string {
  if (approvals.length === 0) return 'Nothing waits for an approval.';
  return table(
    approvals.map((one) => [
      one.approvalId,
      moment(one.requestedAt),
      plainText(one.tool),
      fitted(intentOf(one.arguments), TITLE_COLUMNS),
    ]),
  );
}

export function auditText(entries: readonly AuditEntry[]): string {
  if (entries.length === 0) return 'The audit log is empty.';
  return table(
    entries.map((one) => [
      moment(one.at),
      one.kind,
      plainText(one.tool),
      one.rule ?? '',
      plainText(one.message),
    ]),
  );
}

/** Rows in columns that are as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))),
  );
  const cell = (text: string, column: number) =>
    text + ' '.repeat(Math.max(0, (widths[column] ?? 0) - displayWidth(text)));
  return rows.map((row) => row.map(cell).join('  ').trimEnd()).join('\n');
}

/** `2026-03-01 14:05`, in the terminal's own time zone. */
function moment(at: string): string {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
