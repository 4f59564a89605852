import type { JsonObject } from './json.ts';

/** One line of the audit log. Never holds a secret: addresses, sizes and names, no values. */
export interface AuditRecord {
  readonly kind: AuditKind;
  readonly tool: string;
  readonly conversationId?: string | undefined;
  readonly effectId?: string | undefined;
  /** The rule that refused, where one did. */
  readonly rule?: string | undefined;
  /** What happened, for a person. */
  readonly message: string;
  readonly detail?: JsonObject;
}

export type AuditKind =
  /** How a call of a tool ended. */
  | 'tool.returned'
  | 'tool.refused'
  | 'tool.failed'
  | 'tool.cancelled'
  /** How a request of a tool to the network ended. */
  | 'http.answered'
  | 'http.refused'
  | 'http.failed'
  /** A tool that came, changed, went or could not be used. */
  | 'tool.loaded'
  | 'tool.removed'
  | 'tool.rejected';

export interface AuditEntry extends AuditRecord {
  readonly id: number;
  /** ISO 8601. */
  readonly at: string;
}

export interface AuditPage {
  readonly limit: number;
  readonly tool?: string | undefined;
}
