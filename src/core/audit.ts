import type { Origin } from './journal.ts';
import type { JsonObject } from './json.ts';

/** One line of the audit log. Never holds a secret: addresses, sizes and names, no values. */
export interface AuditRecord {
  readonly kind: AuditKind;
  /** The tool it is about; empty where it is about none. */
  readonly tool: string;
  /** On whose behalf. */
  readonly user?: string | undefined;
  /** Who did it: the path of an actor, or a face such as `web`. */
  readonly actor?: string | undefined;
  /** Of the tool with these very arguments. */
  readonly fingerprint?: string | undefined;
  /** Whose words, other than the user's, had a hand in it. */
  readonly origins?: readonly Origin[] | undefined;
  readonly conversationId?: string | undefined;
  readonly effectId?: string | undefined;
  /** The rule that refused, where one did. */
  readonly rule?: string | undefined;
  /** What happened, for a person. */
  readonly message: string;
  readonly detail?: JsonObject;
}

export type AuditKind =
  /** A question was answered; what was granted or taken back. */
  | 'approval.decided'
  | 'grant.given'
  | 'grant.revoked'
  /** What the user decided about a whole tool. */
  | 'permission.set'
  /** A hook of the owner's saw something. */
  | 'hook.seen'
  /** What a person did with secrets. */
  | 'secret.set'
  | 'secret.deleted'
  | 'secrets.rotated'
  /** What a person did with the tokens of programs. */
  | 'token.created'
  | 'token.revoked'
  /** How a call of a tool ended. */
  | 'tool.returned'
  | 'tool.refused'
  | 'tool.failed'
  | 'tool.cancelled'
  /** How a request of a tool to the network ended. */
  | 'http.answered'
  | 'http.refused'
  | 'http.failed'
  /** A container may now talk to a host, out of our sight. */
  | 'http.opened'
  /** A tool that came, changed, went or could not be used. */
  | 'tool.loaded'
  | 'tool.removed'
  | 'tool.rejected'
  /** A container spoke for a job that is not its own, or the kernel refused it something; was given a granted secret. */
  | 'container.refused'
  | 'credential.given'
  | 'credential.missing'
  /** What a person did with an actor, or with a message that nobody had taken. */
  | 'actor.restarted'
  | 'letter.replayed'
  /** What the user wanted forgotten. */
  | 'memory.forgotten';

export interface AuditEntry extends AuditRecord {
  readonly id: number;
  /** ISO 8601. */
  readonly at: string;
  /** In hexadecimal digits: of this line and all before it. */
  readonly hash: string;
}

/** What became of checking the chain. */
export interface AuditVerdict {
  readonly ok: boolean;
  /** How many are whole, from the first on. */
  readonly lines: number;
  /** The hash of the last of them; noted elsewhere it tells later whether the end was cut off or written anew. */
  readonly head: string;
  /** The first line that is not as it was written, or that is missing, and what is wrong. */
  readonly fault: { readonly id: number; readonly message: string } | null;
}

export interface AuditPage {
  readonly limit: number;
  readonly tool?: string | undefined;
  /** The one line that has it. */
  readonly hash?: string | undefined;
}
