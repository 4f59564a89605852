import type { Signal } from '@preact/signals';
import type {
  JournalEntry,
  ModelFailure,
  Origin,
  RecordOf,
  ToolOutcome,
  Usage,
} from '../../../src/core/journal.ts';
import type { Plan } from './plan.ts';

interface Placed {
  /** Names the row among those of its conversation. */
  readonly id: string;
  /** The entry that made it; it stands in this order. */
  readonly seq: number;
  readonly at: string;
  readonly turnId: string;
}

export interface UserRow extends Placed {
  readonly kind: 'user';
  readonly inboxId: string;
  readonly text: string;
  readonly origin: Origin | undefined;
  /** Said during the turn: the model sees it with its next step. */
  readonly steers: boolean;
  /** A slash command. */
  readonly isCommand: boolean;
}

export interface AnswerRow extends Placed {
  readonly kind: 'answer';
  readonly text: string;
  /** While it is being written: what there is of it. */
  readonly draft: Signal<string> | undefined;
  /** What the whole turn took; only on the one that ends it. */
  readonly end: TurnEnd | undefined;
}

export interface TurnEnd {
  readonly finish: RecordOf<'turn.replied'>['finish'];
  readonly usage: Usage;
  readonly costMicroUsd: number | undefined;
  readonly durationMs: number;
  readonly models: readonly string[];
}

export interface ToolRow extends Placed {
  readonly kind: 'tool';
  readonly tool: string;
  readonly arguments: RecordOf<'tool.requested'>['arguments'];
  readonly state: 'running' | 'refused' | ToolOutcome;
  readonly content: string;
  readonly durationMs: number | undefined;
  readonly origins: readonly Origin[];
  readonly warnings: readonly string[];
}

export interface ApprovalRow extends Placed {
  readonly kind: 'approval';
  readonly question: RecordOf<'approval.requested'>;
  /** `late`: the turn ended before it was answered. */
  readonly decided: RecordOf<'approval.decided'> | 'late' | undefined;
  readonly decidedAt: string | undefined;
}

export interface PlanRow extends Placed {
  readonly kind: 'plan';
  readonly plan: Plan;
}

export interface NoticeRow extends Placed {
  readonly kind: 'notice';
  readonly text: string;
  readonly from: string;
  readonly origins: readonly Origin[];
}

/** Something that the conversation's own machinery tells. */
export interface NoteRow extends Placed {
  readonly kind: 'note';
  readonly about: 'compacted' | 'expanded' | 'recalled' | 'nudged' | 'told';
  readonly text: string;
  /** In full, for who wants it. */
  readonly more: string;
}

export interface ProblemRow extends Placed {
  readonly kind: 'problem';
  readonly failure: ModelFailure['kind'] | 'refused';
  readonly text: string;
  readonly inboxId: string | undefined;
}

export type Row = UserRow | AnswerRow | ToolRow | ApprovalRow | PlanRow | NoticeRow | NoteRow | ProblemRow;

/** The turn that runs. */
export interface RunningTurn {
  readonly turnId: string;
  readonly beganAt: string;
}

export interface Transcript {
  /** Takes the next entry. */
  add(entry: JournalEntry): void;
  /** What is to be shown, in order: without what was undone. */
  rows(): readonly Row[];
  /** Turns that are shown, the latest last; commands are none. */
  turns(): readonly string[];
  running(): RunningTurn | undefined;
  has(inboxId: string): boolean;
  /** A piece of the answer that is being written, perhaps anew. */
  delta(piece: { readonly effectId: string; readonly offset: number; readonly text: string }): void;
}
