import type { AgentOrder, Origin } from '../core/journal.ts';
import type { NamedPassage } from '../memory/index.ts';
import type { Statement } from '../storage/index.ts';

/**
 * Has a cheap language model answer a question from passages of memory, on behalf of a turn and within its budgets.
 * `message` says why it could not.
 */
export type AskMemory = (order: MemoryQuestion, signal: AbortSignal) => Promise<MemoryAnswer>;

export interface MemoryQuestion {
  readonly effectId: string;
  readonly conversationId: string;
  readonly turnId: string;
  readonly agent?: AgentOrder;
  readonly question: string;
  readonly passages: readonly NamedPassage[];
}

export type MemoryAnswer =
  | { readonly ok: true; readonly text: string; readonly writes: readonly Statement[] }
  | { readonly ok: false; readonly message: string; readonly writes: readonly Statement[] };

/** What was said in conversations other than this one, the best fit first. */
export type FindTalk = (
  query: string,
  options: { readonly limit: number; readonly notIn: string },
) => Promise<readonly SaidBefore[]>;

export interface SaidBefore {
  readonly conversationId: string;
  readonly title: string | null;
  /** ISO 8601. */
  readonly at: string;
  readonly by: 'user' | 'assistant' | 'notice';
  readonly snippet: string;
  /** Whose words, other than the user's, are in it. */
  readonly origins: readonly Origin[];
}
