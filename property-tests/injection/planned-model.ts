import type { ToolCall } from '../../src/core/journal.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { ok } from '../../src/core/result.ts';
import { FREE_AND_WIDE, type Model } from '../../src/llm/index.ts';

export interface PlannedCall {
  readonly tool: string;
  readonly arguments: JsonObject;
  /** The argument that the latest result goes into. */
  readonly passOn?: string;
}

/** A call that was made, and what the model had before it. */
export interface MadeUnder {
  readonly call: ToolCall;
  /** Whether words that bear the mark of the outside were in what it was shown. */
  readonly outside: boolean;
}

export interface PlannedModel {
  readonly model: Model;
  /** What it does in the next turn, whatever it is told. */
  plan(calls: readonly PlannedCall[]): void;
  made(callId: string): MadeUnder;
}

/** Stands in every text from outside, and so in every text that holds one. */
export const MARK = 'OUTSIDE-WORDS';

/**
 * A model that makes the calls it is told to, and nothing else. That a call was made under the influence of words from
 * outside is seen by their mark in the model's request, not by what the gate keeps of origins.
 */
export function createPlannedModel(): PlannedModel {
  const made = new Map<string, MadeUnder>();
  let planned: readonly PlannedCall[] = [];
  return {
    plan: (calls) => {
      planned = calls;
    },
    made(callId) {
      const call = made.get(callId);
      if (!call) throw new Error(`the model never made the call ${callId}`);
      return call;
    },
    model: {
      ...FREE_AND_WIDE,
      name: 'planned',
      async complete({ system, messages }) {
        const [next, ...rest] = planned;
        planned = rest;
        const usage = { inputTokens: 1, outputTokens: 1 };
        if (!next) return ok({ text: 'Done.', toolCalls: [], usage, model: 'planned' });
        const shown = JSON.stringify([system, messages]);
        const result = messages.findLast(({ role }) => role === 'tool');
        const passed = result?.role === 'tool' ? result.content : 'nothing yet';
        const args =
          next.passOn === undefined ? next.arguments : { ...next.arguments, [next.passOn]: passed };
        const call = { callId: `call-${made.size}`, tool: next.tool, arguments: args };
        made.set(call.callId, { call, outside: shown.includes(MARK) });
        return ok({ text: '', toolCalls: [call], usage, model: 'planned' });
      },
    },
  };
}
