import type { ConversationSummary, Grant, PendingApproval, SearchHit } from '../core/assistant.ts';
import type { AuditEntry } from '../core/audit.ts';
import type { Origin } from '../core/journal.ts';
import { OWNER } from '../core/user.ts';
import { intentOf } from './cards.ts';
import { plainText } from './plain-text.ts';
import { displayWidth, fitted } from './width.ts';

const TITLE_COLUMNS = 48;
const SCOPE_COLUMNS = 60;
const TOOL_COLUMNS = 32;
const ORIGIN_COLUMNS = 32;

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

/** What was found: where and when, who said it, and the words around it on a line of their own. */
export function hitsText(hits: readonly SearchHit[]): string {
  if (hits.length === 0) return 'Nothing was said with these words.';
  return hits
    .map(({ conversationId, title, at, by, snippet, hidden }) => {
      const name = fitted(plainText(title ?? '(no title)'), TITLE_COLUMNS);
      const gone = hidden === null ? '' : `  (${hidden})`;
      return `${conversationId}  ${moment(at)}  ${name}${gone}\n  ${by}: ${plainText(snippet)}`;
    })
    .join('\n');
}

export function latestFirst(conversations: readonly ConversationSummary[]): readonly ConversationSummary[] {
  return conversations.toSorted((a, b) => b.lastActiveAt.localeCompare(a.lastActiveAt));
}

export function grantsText(grants: readonly Grant[]): string {
  if (grants.length === 0) return 'Nothing is always allowed.';
  return table(
    grants.map((one) => [
      one.grantId,
      plainText(one.tool),
      fitted(plainText(one.scope), SCOPE_COLUMNS),
      moment(one.grantedAt),
      grantTerms(one),
    ]),
  );
}

/** How long, where and for what it counts, as far as that is not the usual. */
function grantTerms({ expiresAt, conversationId, influenced, outdated }: Grant): string {
  return [
    ...(outdated ? ['outdated: the tool has changed, so it covers nothing'] : []),
    ...(expiresAt === null ? [] : [`until ${moment(expiresAt)}`]),
    ...(conversationId === null ? [] : [`only in ${plainText(conversationId)}`]),
    ...(influenced ? ['even when outside words had a hand in it'] : []),
  ].join('; ');
}

export function approvalsText(approvals: readonly PendingApproval[]): string {
  if (approvals.length === 0) return 'Nothing waits for an approval.';
  return table(
    approvals.map((one) => [
      one.approvalId,
      moment(one.requestedAt),
      plainText(one.tool),
      fitted(intentOf(one.arguments), TITLE_COLUMNS),
      one.origins.length > 0 ? '! words from outside' : '',
    ]),
  );
}

/**
 * Lines of the audit log: when, of whom where it is not the owner, what, which tool, by which rule, under whose
 * influence, and what is said of it. Columns in which nothing would stand are left out.
 *
 * @param columns of the terminal: what does not fit is cut
 */
export function auditText(entries: readonly AuditEntry[], columns = Number.POSITIVE_INFINITY): string {
  if (entries.length === 0) return 'The audit log is empty.';
  const rows = entries.map((one) => [
    moment(one.at),
    one.user === OWNER ? '' : plainText(one.user ?? ''),
    one.kind,
    fitted(plainText(one.tool), TOOL_COLUMNS),
    one.rule ?? '',
    originsText(one.origins ?? []),
    plainText(one.message),
  ]);
  const lines = table(withoutEmptyColumns(rows)).split('\n');
  return lines.map((line) => fitted(line, columns)).join('\n');
}

function originsText([first, ...more]: readonly Origin[]): string {
  if (first === undefined) return '';
  const others = more.length > 0 ? ` +${more.length}` : '';
  return `from ${fitted(plainText(first), ORIGIN_COLUMNS)}${others}`;
}

function withoutEmptyColumns(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const isUsed = (column: number): boolean => rows.some((row) => row[column] !== '');
  return rows.map((row) => row.filter((_, column) => isUsed(column)));
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
export function moment(at: string): string {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
