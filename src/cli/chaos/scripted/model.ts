import { setTimeout as wait } from 'node:timers/promises';
import type { ToolCall } from '../../../core/journal.ts';
import { err, ok } from '../../../core/result.ts';
import { FREE_AND_WIDE, type Model, type ModelMessage } from '../../../llm/index.ts';
import type { Random } from '../random.ts';
import { LOOK, ONCE, PUT } from './tools.ts';

const LONGEST_MS = 20;

/**
 * A model that asks for tools by the number at the end of the task, then says that it is done: no tool, one that must
 * not be repeated, one that may be, or two at once that only read.
 */
export function createScriptedModel(random: Random): Model {
  const usage = { inputTokens: 1, outputTokens: 1 };
  return {
    ...FREE_AND_WIDE,
    name: 'scripted',
    async complete({ messages, signal, onText }) {
      const aborted = await pause(random.below(LONGEST_MS), signal);
      if (aborted) return err({ kind: 'interrupted', message: 'The call was stopped.' });
      const toolCalls = callsFor(messages);
      const text = toolCalls.length > 0 ? '' : `${taskOf(messages)} is done`;
      onText?.(text);
      return ok({ text, toolCalls, usage, model: 'scripted' });
    },
  };
}

/** Resolves true where the signal came first. */
function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return wait(milliseconds, false, { signal }).catch(() => true);
}

function callsFor(messages: readonly ModelMessage[]): readonly ToolCall[] {
  if (messages.at(-1)?.role !== 'user') return [];
  const task = taskOf(messages);
  return (TOOLS[Number(/\d+$/.exec(task)) % TOOLS.length] ?? []).map((tool, place) => ({
    callId: `${task}/${place}`,
    tool,
    arguments: { task },
  }));
}

const TOOLS: readonly (readonly string[])[] = [[ONCE], [], [PUT], [LOOK, LOOK], [ONCE, PUT]];

function taskOf(messages: readonly ModelMessage[]): string {
  const asked = messages.findLast((message) => message.role === 'user');
  return asked?.role === 'user' ? asked.text : '';
}
