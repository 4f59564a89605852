import type { Accepted, Assistant, DeliveryMode } from '../core/assistant.ts';
import type { ApprovalDecision } from '../core/journal.ts';

/** The name under which everything that comes in here is accepted. */
const CHANNEL = 'web';

export interface SentMessage {
  readonly conversationId: string;
  /** The client's own. */
  readonly messageId: string;
  readonly text: string;
  /** Absent: as the user chose for the conversation, else as configured. */
  readonly mode?: DeliveryMode;
}

/** The same message, by whichever way it comes again, is the same input. */
export function sendMessage(assistant: Assistant, message: SentMessage): Promise<Accepted> {
  const { conversationId, messageId, text, mode } = message;
  // A client may count its messages per conversation; the channel wants ids that are unique in all of them.
  const externalId = `message/${conversationId}/${messageId}`;
  const input = { type: 'message', text, ...(mode !== undefined && { mode }) } as const;
  return assistant.accept({ channel: CHANNEL, externalId, conversationId, input });
}

export interface ApprovalAnswer {
  readonly conversationId: string;
  readonly approvalId: string;
  readonly decision: ApprovalDecision;
  readonly reason: string | null;
  /** The client's own; without one, the same decision from anywhere is the same answer. */
  readonly answerId?: string;
}

/** The id makes the same answer, sent again after a lost connection, the same input. */
export function answerApproval(assistant: Assistant, answer: ApprovalAnswer): Promise<Accepted> {
  const { conversationId, approvalId, decision, reason, answerId = decision } = answer;
  const externalId = `approval/${conversationId}/${approvalId}/${answerId}`;
  const input = { type: 'approval', approvalId, decision, reason } as const;
  return assistant.accept({ channel: CHANNEL, externalId, conversationId, input });
}

/** @param id unique to this wish */
export function interruptTurn(assistant: Assistant, conversationId: string, id: string): Promise<Accepted> {
  const input = { type: 'interrupt' } as const;
  return assistant.accept({ channel: CHANNEL, externalId: `interrupt/${id}`, conversationId, input });
}
