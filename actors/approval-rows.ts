import type { ApprovalRequest } from '../machines/tool-calls.ts';
import type { PendingApproval } from '../src/core/assistant.ts';
import type { ApprovalDecision, ToolCall } from '../src/core/journal.ts';
import type { JsonObject } from '../src/core/json.ts';
import type { Queryable, Statement } from '../src/storage/index.ts';
import { jsonText, storableText } from '../src/storage/journal/index.ts';

/** Rows that make approvals findable across conversations; the turn that waits for them is the truth. */
export function approvalRequested(
  conversationId: string,
  call: ToolCall,
  request: ApprovalRequest,
  at: string,
): Statement {
  return {
    sql: `insert into approval (id, conversation_id, tool, arguments, reason, allow_always, requested_at)
          values ($1, $2, $3, $4::text::jsonb, $5, $6, $7::text::timestamptz)`,
    params: [
      request.approvalId,
      conversationId,
      call.tool,
      jsonText(call.arguments),
      request.reason,
      request.allowAlways,
      at,
    ],
  };
}

export function approvalDecided(
  event: { readonly approvalId: string; readonly decision: ApprovalDecision; readonly reason: string | null },
  at: string,
): Statement {
  return {
    sql: `update approval set decision = $2, decision_reason = $3, decided_at = $4::text::timestamptz
           where id = $1 and decision is null`,
    params: [event.approvalId, event.decision, event.reason === null ? null : storableText(event.reason), at],
  };
}

/** The turn ended while it waited. */
export function approvalsWithdrawn(conversationId: string, at: string): Statement {
  return {
    sql: `update approval set decision = 'withdrawn', decided_at = $2::text::timestamptz
           where conversation_id = $1 and decision is null`,
    params: [conversationId, at],
  };
}

export async function pendingApprovals(
  database: Queryable,
  conversationId: string | undefined,
): Promise<readonly PendingApproval[]> {
  const { rows } = await database.query<{
    id: string;
    conversation_id: string;
    tool: string;
    arguments: JsonObject;
    reason: string;
    allow_always: boolean;
    requested_at: Date;
  }>(
    `select id, conversation_id, tool, arguments, reason, allow_always, requested_at from approval
      where decision is null and ($1::text is null or conversation_id = $1::text) order by id limit 200`,
    [conversationId ?? null],
  );
  return rows.map((row) => ({
    approvalId: row.id,
    conversationId: row.conversation_id,
    tool: row.tool,
    arguments: row.arguments,
    reason: row.reason,
    allowAlways: row.allow_always,
    requestedAt: row.requested_at.toISOString(),
  }));
}
