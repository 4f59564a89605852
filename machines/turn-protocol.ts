import type {
  ApprovalDecision,
  BudgetStop,
  Finish,
  JournalRecord,
  NudgeReason,
  RecordOf,
  Usage,
} from '../src/core/journal.ts';
import type { ApprovalRequest, Call, EffectClass, Verdict } from './tool-calls.ts';
import type { Conclusion } from './turn-progress.ts';

/** What the machine asks of its actor, and with what. */
export interface TurnRequests {
  readonly runCommand: { readonly text: string };
  readonly routeMessage: { readonly text: string };
  /** `tools: 'none'`: it is to say what it has, and no more. */
  readonly requestModel: { readonly iteration: number; readonly tools: 'all' | 'none' };
  /** Sums up what came earlier, so that the model can read on. */
  readonly compactHistory: Record<never, never>;
  /** Tells the model something with its next call. */
  readonly nudge: Nudge;
  readonly judgeCalls: { readonly callIds: readonly string[] };
  /** `fingerprint`: of what the user was shown, where they were asked. */
  readonly requestTool: {
    readonly callId: string;
    readonly effect: EffectClass;
    readonly fingerprint?: string;
  };
  readonly requestApproval: ApprovalRequest;
  /** Asks whether a budget that is used up may be exceeded. */
  readonly askForBudget: BudgetQuestion;
  readonly withdrawQuestion: Record<never, never>;
  readonly refuseCall: { readonly callId: string; readonly content: string };
  readonly abandonCall: { readonly callId: string };
  readonly reply: Reply;
}

/** Small on purpose: it is written with every step. Texts and arguments are in the journal. */
export interface TurnContext {
  readonly turnId: string;
  /** Where the reply goes. */
  readonly channel: string;
  readonly limits: TurnLimits;
  /** Nobody is there to be asked. */
  readonly unattended: boolean;
  /** Model calls begun. */
  readonly iteration: number;
  /** Messages that arrived since the model last looked. */
  readonly unseen: number;
  /** The calls of the model's latest answer, in its order. */
  readonly calls: readonly Call[];
  readonly usage: Usage;
  /** Milliseconds that the model and the tools have worked. What the user takes to answer does not count. */
  readonly workedMs: number;
  /** How often a call of the latest answer has been made in this turn with one and the same result. */
  readonly repeats: number;
  /** Nudges given, of those that are given only so often. */
  readonly nudged: { readonly announced: number; readonly cutOff: number };
  /** Why the model may call no more tools in this turn; null while it may. */
  readonly concluding: Conclusion | null;
  /** What came before was summed up in this turn; once is all that helps. */
  readonly compacted: boolean;
  /** The open question about a budget. */
  readonly budget: BudgetQuestion | null;
  /** For the user, told with the reply. */
  readonly notices: readonly string[];
  readonly reply: Reply;
}

export interface TurnInput {
  readonly turnId: string;
  readonly channel: string;
  readonly limits: TurnLimits;
  readonly unattended?: boolean;
}

/** A turn that reaches one of them is told to conclude. Money is limited by the budgets. */
export interface TurnLimits {
  /** Model calls. */
  readonly iterations: number;
  /** Tokens read and written, of all model calls together; 0: no limit. */
  readonly tokens: number;
  /** Milliseconds that model and tools work; 0: no limit. */
  readonly workMs: number;
}

export interface BudgetQuestion {
  readonly approvalId: string;
  readonly stop: BudgetStop;
}

export interface Nudge {
  readonly reason: NudgeReason;
}

/** What the journal records of an event; it adds the turn. */
type Recorded<T extends JournalRecord['type']> = Omit<RecordOf<T>, 'turnId' | 'tool'>;

export type TurnEvent =
  | Recorded<'turn.began'>
  | Recorded<'turn.routed'>
  | Recorded<'turn.steered'>
  | Recorded<'command.completed'>
  | (Recorded<'history.compacted'> & { readonly effectId: string })
  /** Nothing could be summed up: there is too little, or the model failed. */
  | { readonly type: 'compaction.failed'; readonly effectId: string; readonly reason: string }
  /** `inboxId`: the input that asked for it, where that is all it asked for. */
  | { readonly type: 'turn.interrupted'; readonly inboxId: string | null; readonly partialText: string }
  /** Given up after it crashed again and again on the same step. */
  | { readonly type: 'turn.abandoned'; readonly reason: string }
  /** `announced`: it says what it is about to do, and does not do it. */
  | (Recorded<'model.completed'> & { readonly announced?: true })
  /** `approvalId`: of the question, where a budget is used up and somebody is there to be asked. */
  | (Recorded<'model.failed'> & { readonly approvalId?: string })
  | ({
      readonly type: 'calls.judged';
      readonly effectId: string;
      readonly verdicts: readonly Verdict[];
    } & Repeats)
  | (Recorded<'tool.completed'> & Repeats)
  /** It was running when the process or its actor died, and must not simply be repeated. */
  | {
      readonly type: 'tool.unknown';
      readonly effectId: string;
      readonly callId: string;
      readonly approvalId: string;
    }
  | {
      readonly type: 'approval.decided';
      readonly inboxId: string;
      readonly approvalId: string;
      readonly decision: ApprovalDecision;
      readonly reason: string | null;
    };

/** See `TurnContext.repeats`; told by the actor, which knows the journal. */
interface Repeats {
  readonly repeats?: number;
}

export interface Reply {
  readonly text: string;
  readonly finish: Finish;
}
