import type { ApprovalDecision, Origin, ToolCall } from '../src/core/journal.ts';

/**
 * The calls of a model's answer on their way through a turn. Each goes
 * `waiting → allowed → running → done`, or over `asking` to `allowed`, or to `refused → done`.
 */
export type Call = { readonly callId: string } & (
  | { readonly state: 'waiting' | 'done' }
  | { readonly state: 'allowed' | 'running'; readonly effect: EffectClass; readonly fingerprint?: string }
  | ({ readonly state: 'asking'; readonly effect: EffectClass } & Omit<ApprovalRequest, 'callId'>)
  | { readonly state: 'refused'; readonly content: string }
);

type AskingCall = Extract<Call, { state: 'asking' }>;
type AllowedCall = Extract<Call, { state: 'allowed' | 'running' }>;

/** What the policy says of a call. Calls it says nothing of keep waiting. */
export type Verdict = { readonly callId: string } & (
  | { readonly verdict: 'allow'; readonly effect: EffectClass }
  | ({ readonly verdict: 'ask'; readonly effect: EffectClass } & Omit<ApprovalRequest, 'callId'>)
  | { readonly verdict: 'refuse'; readonly content: string }
);

export type EffectClass = 'pure' | 'idempotent' | 'once';

export interface ApprovalRequest {
  readonly callId: string;
  readonly approvalId: string;
  readonly reason: string;
  readonly allowAlways: boolean;
  /** What "always" would cover, in words. */
  readonly scope?: string;
  /** Whose words, other than the user's, had a hand in it. */
  readonly origins?: readonly Origin[];
  /** Of the very call that the user is shown: nothing else may run on their yes. */
  readonly fingerprint?: string;
}

export const UNKNOWN_OUTCOME =
  'Ironbark stopped while this was running. It may or may not have taken effect. Run it again?';

export const waiting = (call: ToolCall): Call => ({ callId: call.callId, state: 'waiting' });
export const settled = (call: Call): Call => ({ callId: call.callId, state: 'done' });
export const isAsking = (call: Call): call is AskingCall => call.state === 'asking';

export const running = (call: AllowedCall): Call => ({ ...call, state: 'running' });

export function withCall(
  calls: readonly Call[],
  callId: string,
  change: (call: Call) => Call,
): readonly Call[] {
  return calls.map((call) => (call.callId === callId ? change(call) : call));
}

export function withVerdicts(calls: readonly Call[], verdicts: readonly Verdict[]): readonly Call[] {
  return verdicts.reduce((sofar, verdict) => withCall(sofar, verdict.callId, () => judged(verdict)), calls);
}

function judged(verdict: Verdict): Call {
  const { callId } = verdict;
  if (verdict.verdict === 'allow') return { callId, state: 'allowed', effect: verdict.effect };
  if (verdict.verdict === 'refuse') return { callId, state: 'refused', content: verdict.content };
  const { verdict: _, ...question } = verdict;
  return { ...question, state: 'asking' };
}

export function askedAgain(event: { readonly approvalId: string }): (call: Call) => Call {
  return ({ callId }) => ({
    callId,
    state: 'asking',
    effect: 'once',
    approvalId: event.approvalId,
    reason: UNKNOWN_OUTCOME,
    allowAlways: false,
  });
}

/** What becomes of a call whose outcome nobody knows, where nobody can be asked. */
export const leftUnknown = ({ callId }: Call): Call => ({ callId, state: 'refused', content: LEFT_UNKNOWN });

const LEFT_UNKNOWN =
  'Ironbark stopped while this ran, so it may or may not have taken effect. It was not run again, because nobody is there to be asked. Say so in your answer.';

export function withDecision(
  calls: readonly Call[],
  event: { readonly approvalId: string; readonly decision: ApprovalDecision; readonly reason: string | null },
): readonly Call[] {
  const asking = calls.find((call) => isAsking(call) && call.approvalId === event.approvalId);
  if (!asking || !isAsking(asking)) return calls;
  return withCall(calls, asking.callId, () =>
    event.decision === 'deny'
      ? { callId: asking.callId, state: 'refused', content: denial(asking, event.reason) }
      : allowed(asking),
  );
}

function allowed({ callId, effect, fingerprint }: AskingCall): Call {
  return { callId, state: 'allowed', effect, ...(fingerprint !== undefined && { fingerprint }) };
}

function denial(asking: AskingCall, reason: string | null): string {
  const denied =
    asking.reason === UNKNOWN_OUTCOME
      ? 'Ironbark stopped while this ran, so it may or may not have taken effect. It was not run again: the user refused.'
      : 'The user did not allow this.';
  return reason === null ? denied : `${denied} The user said: ${reason}`;
}

export function approvalRequest({ state: _, effect: __, ...request }: AskingCall): ApprovalRequest {
  return request;
}
