import type { ModelFailure, NudgeReason, Usage } from '../src/core/journal.ts';
import type { Reply, TurnContext, TurnEvent } from './turn-protocol.ts';

/** Why a turn's model is asked for its last word. */
export type Conclusion = Extract<NudgeReason, 'limit-reached' | 'no-progress'>;

/** The same call with the same result: after so many the model is told, after so many more it may call no tools. */
const REPEATS_TOLD = 3;
const REPEATS_ENDED = 5;

/** How often the model is told the same of these. One that goes on regardless will not be moved by more. */
const MAX_NUDGES = 2;

type Completed = Extract<TurnEvent, { type: 'model.completed' }>;

/** Whether the next model call has to be the last one, and why. The call for the last word counts as well. */
export function conclusionOf(context: TurnContext): Conclusion | null {
  const { limits, iteration, usage, workedMs, repeats } = context;
  if (iteration + 1 >= limits.iterations) return 'limit-reached';
  if (limits.tokens > 0 && usage.inputTokens + usage.outputTokens >= limits.tokens) return 'limit-reached';
  if (limits.workMs > 0 && workedMs >= limits.workMs) return 'limit-reached';
  return repeats >= REPEATS_ENDED ? 'no-progress' : null;
}

/** What the model should hear with its next call, where it may go on. */
export function warningOf({ limits, iteration, repeats }: TurnContext): NudgeReason | null {
  if (repeats >= REPEATS_TOLD) return 'repeating';
  return limits.iterations > 3 && iteration + 2 >= limits.iterations ? 'limit-near' : null;
}

/** Its calls were cut off at its output limit: what came of them may be half of what was meant. */
export const isCutOff = ({ nudged, concluding }: TurnContext, { cut, toolCalls }: Completed): boolean =>
  cut === true && toolCalls.length > 0 && concluding === null && nudged.cutOff < MAX_NUDGES;

export const onlyAnnounces = (
  { nudged, concluding, unseen, iteration, limits }: TurnContext,
  { announced }: Completed,
): boolean =>
  announced === true &&
  concluding === null &&
  unseen === 0 &&
  iteration < limits.iterations &&
  nudged.announced < MAX_NUDGES;

/** What an answer adds to the count of what the turn has used. */
export function counted(
  { usage, workedMs, notices }: TurnContext,
  event: Completed,
): Pick<TurnContext, 'usage' | 'workedMs' | 'notices' | 'repeats'> {
  return {
    usage: addUsage(usage, event.usage),
    workedMs: workedMs + (event.durationMs ?? 0),
    notices: [...new Set([...notices, ...(event.notices ?? [])])].slice(0, MAX_NOTICES),
    repeats: 0,
  };
}

const MAX_NOTICES = 5;

function addUsage(a: Usage, b: Usage): Usage {
  const sum = (name: 'cacheReadTokens' | 'cacheWriteTokens') => {
    const tokens = (a[name] ?? 0) + (b[name] ?? 0);
    return tokens > 0 ? { [name]: tokens } : {};
  };
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    ...sum('cacheReadTokens'),
    ...sum('cacheWriteTokens'),
  };
}

/** The reply that an answer of the model makes. */
export function replyOf(context: TurnContext, { text, cut, toolCalls }: Completed): Reply {
  const { concluding } = context;
  if (concluding === null && toolCalls.length === 0) {
    return { text: cut ? joined(text, CUT) : text, finish: 'answered' };
  }
  const reason = concluding === 'no-progress' ? NO_PROGRESS : limitText(context);
  return { text: joined(text, reason), finish: 'limited' };
}

export const failedReply = ({ message }: ModelFailure): Reply => ({ text: message, finish: 'failed' });

/** What the user is told beside the answer. */
export function withNotices(reply: Reply, notices: readonly string[]): Reply {
  return notices.length === 0 ? reply : { ...reply, text: joined(reply.text, notices.join('\n')) };
}

const joined = (text: string, notice: string): string =>
  text.trim() === '' ? notice : `${text}\n\n${notice}`;

function limitText({ iteration, limits }: TurnContext): string {
  const limit = iteration >= limits.iterations ? `after ${iteration} steps` : "at the limit of a turn's work";
  return `I stopped ${limit} without finishing. Say "go on" and I will continue.`;
}
const NO_PROGRESS =
  'I stopped because the same step kept giving the same result. Tell me what to try instead.';
const CUT = '(The answer was cut off at the model\'s output limit. Say "go on" for the rest.)';
