import type { ModelFailure } from '../../core/journal.ts';
import { err, ok, type Result } from '../../core/result.ts';
import {
  FREE_AND_WIDE,
  type Model,
  type ModelAnswer,
  type ModelMessage,
  type ModelRequest,
} from '../model.ts';
import { unwrapToolOutput } from '../tool-output.ts';
import { fillPlaceholders } from './placeholders.ts';
import type { RequestHint, Trace, TraceStep } from './trace.ts';

/** A model that answers from a trace: each call takes the next step of the current turn. */
export interface ReplayModel extends Model {
  /** Makes the steps of this turn (from 0) the ones to play. The first turn is current from the start. */
  beginTurn(index: number): void;
  /** Soft mismatches between the requests and what the trace expected of them. */
  warnings(): readonly string[];
  /** What makes the run a failed one: calls that no step was left for. */
  failures(): readonly string[];
  /** Steps of the current turn that no call has taken. */
  remaining(): number;
}

export function createReplayModel(trace: Trace): ReplayModel {
  const warnings: string[] = [];
  const failures: string[] = [];
  let turn = 0;
  let next = 0;

  const takeStep = (): TraceStep | undefined => trace.turns[turn]?.steps[next++];

  const complete = (request: ModelRequest): Result<ModelAnswer, ModelFailure> => {
    const step = takeStep();
    const place = `turn ${turn + 1}, call ${next}`;
    if (step === undefined) return exhausted(place);
    warnings.push(...mismatches(step.hint, request.messages).map((text) => `${place}: ${text}`));
    if (step.answer.text !== '') request.onText?.(step.answer.text);
    return ok(toAnswer(step, request.messages, trace.modelName));
  };

  const exhausted = (place: string): Result<ModelAnswer, ModelFailure> => {
    const message = `The trace has no step left for ${place}: the model was called more often than recorded.`;
    failures.push(message);
    return err({ kind: 'unavailable', message });
  };

  return {
    ...FREE_AND_WIDE,
    name: trace.modelName,
    complete: async (request) => complete(request),
    beginTurn(index) {
      turn = index;
      next = 0;
    },
    warnings: () => warnings,
    failures: () => failures,
    remaining: () => Math.max(0, (trace.turns[turn]?.steps.length ?? 0) - next),
  };
}

function toAnswer(step: TraceStep, messages: readonly ModelMessage[], model: string): ModelAnswer {
  const resultOf = (callId: string): string | undefined => resultOfCall(messages, callId);
  return {
    text: step.answer.text,
    toolCalls: step.answer.toolCalls.map((call) => ({
      callId: call.id,
      tool: call.name,
      arguments: fillPlaceholders(call.arguments, resultOf),
    })),
    usage: { inputTokens: step.answer.inputTokens, outputTokens: step.answer.outputTokens },
    model,
  };
}

function resultOfCall(messages: readonly ModelMessage[], callId: string): string | undefined {
  const result = messages.findLast((message) => message.role === 'tool' && message.callId === callId);
  return result?.role === 'tool' ? unwrapToolOutput(result.content) : undefined;
}

function mismatches(hint: RequestHint, messages: readonly ModelMessage[]): string[] {
  const found: string[] = [];
  const expected = hint.lastUserMessageContains;
  const lastUser = messages.findLast((message) => message.role === 'user')?.text ?? '';
  if (expected !== undefined && !lastUser.toLowerCase().includes(expected.toLowerCase())) {
    found.push(`the last message of the user was expected to contain "${expected}"`);
  }
  if (hint.minMessageCount !== undefined && messages.length < hint.minMessageCount) {
    found.push(`at least ${hint.minMessageCount} messages were expected, there were ${messages.length}`);
  }
  return found;
}
