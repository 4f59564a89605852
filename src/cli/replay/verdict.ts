import type { JournalEntry } from '../../core/journal.ts';
import type { Trace, TraceTurn } from '../../llm/index.ts';
import { type ApprovalAnswer, checkProbeApprovals } from './approvals.ts';
import { checkExpectations, type Verdict } from './expectations.ts';
import { type Observed, observe } from './observation.ts';
import type { Course } from './play-turn.ts';

export interface PlayedTurn extends Course {
  /** Steps that the trace had for this turn and no call of the model took. */
  readonly stepsLeft: number;
}

/** Compares what was played with all that the trace says about it; `played` may be shorter than the trace. */
export function judge(trace: Trace, played: readonly PlayedTurn[], answer: ApprovalAnswer): Verdict {
  const entries = played.flatMap((turn) => turn.entries);
  const verdicts = [
    ...played.map((turn, index) => inTurn(index, judgeTurn(trace.turns[index], turn))),
    checkExpectations(trace.expects, observe(entries)),
    { failures: checkProbeApprovals(entries), warnings: answer.scripted ? [] : allowedUnscripted(entries) },
  ];
  return {
    failures: verdicts.flatMap((verdict) => verdict.failures),
    warnings: verdicts.flatMap((verdict) => verdict.warnings),
  };
}

/** The same verdict with each sentence saying which turn it is about. */
function inTurn(index: number, verdict: Verdict): Verdict {
  const named = (sentence: string) => `turn ${index + 1}: ${sentence}`;
  return { failures: verdict.failures.map(named), warnings: verdict.warnings.map(named) };
}

function judgeTurn(turn: TraceTurn | undefined, played: PlayedTurn): Verdict {
  const observed = observe(played.entries);
  const expected = checkExpectations(turn?.expects ?? {}, observed);
  const end = judgeEnd(played);
  return {
    failures: [...end.failures, ...expected.failures],
    warnings: [...end.warnings, ...expected.warnings, ...loose(played), ...differences(turn, observed)],
  };
}

function judgeEnd({ entries, unfinished }: PlayedTurn): Verdict {
  if (unfinished !== undefined) return { failures: [unfinished], warnings: [] };
  const reply = entries.findLast((entry) => entry.type === 'turn.replied');
  if (reply === undefined || reply.finish === 'answered') return { failures: [], warnings: [] };
  const sentence = `ended as ${reply.finish}: ${reply.text}`;
  return reply.finish === 'failed'
    ? { failures: [sentence], warnings: [] }
    : { failures: [], warnings: [sentence] };
}

/** Steps that nobody took and answers that nobody wanted. */
function loose({ entries, stepsLeft }: PlayedTurn): readonly string[] {
  const refused = entries.filter((entry) => entry.type === 'input.refused');
  const left = stepsLeft === 0 ? [] : [`${stepsLeft} of the model's steps left over`];
  return [...left, ...refused.map((entry) => `an input was refused: ${entry.reason}`)];
}

/** Results change with the day and the machine, so a difference from the recording is only worth knowing. */
function differences(turn: TraceTurn | undefined, { calls }: Observed): readonly string[] {
  const recorded = turn?.steps.flatMap((step) => step.expectedToolResults) ?? [];
  return recorded.flatMap(({ toolCallId, content }) => {
    const call = calls.find((candidate) => candidate.callId === toolCallId);
    if (call === undefined) return [`the recording has a result of ${toolCallId}, this run has none`];
    if (call.content.trim() === content.trim()) return [];
    return [`${call.tool} (${toolCallId}) answered differently than in the recording`];
  });
}

function allowedUnscripted(entries: readonly JournalEntry[]): readonly string[] {
  return entries
    .filter((entry) => entry.type === 'approval.requested')
    .map(({ tool, callId }) => `${tool} (${callId}) asked for approval and was allowed once`);
}
