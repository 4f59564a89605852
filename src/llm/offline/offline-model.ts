import { ok } from '../../core/result.ts';
import { withUniqueIds } from '../call-ids.ts';
import {
  FREE_AND_WIDE,
  type Model,
  type ModelAnswer,
  type ModelMessage,
  type ModelRequest,
} from '../model.ts';
import { readPrompt } from '../prompts/read-prompt.ts';
import { replyTo, type ToolMessage } from './replies.ts';
import { type Intent, understand } from './rules.ts';

const NO_MODEL = readPrompt('no-model.md');
const HELP = readPrompt('offline-help.md');

/**
 * The model that is there when none is configured: it answers a few fixed requests by rule, through tool calls
 * like any other model, and says what it is. Its answer depends on the request alone.
 */
export function createOfflineModel(): Model {
  return {
    ...FREE_AND_WIDE,
    name: 'offline',
    async complete(request) {
      const answer = answerOffline(request);
      if (answer.text !== '') request.onText?.(answer.text);
      return ok(answer);
    },
  };
}

type Question = Pick<ModelRequest, 'messages' | 'tools'>;

/** Replies to the results of the last answer's calls, or else does what the user's last message asks for. */
export function answerOffline({ messages, tools }: Question): ModelAnswer {
  const results = latestResults(messages);
  if (results.length > 0) return textAnswer(replyTo(results));
  const message = messages.findLast(({ role }) => role === 'user');
  const intent = understand(message?.role === 'user' ? message.text : '');
  return toAnswer(intent, { messages, tools });
}

function latestResults(messages: readonly ModelMessage[]): readonly ToolMessage[] {
  const start = messages.findLastIndex(({ role }) => role !== 'tool') + 1;
  return messages.slice(start).filter((message) => message.role === 'tool');
}

function toAnswer(intent: Intent, { messages, tools }: Question): ModelAnswer {
  switch (intent.type) {
    case 'say':
      return textAnswer(intent.text);
    case 'help':
      return textAnswer(`Hello, I am Ironbark. ${NO_MODEL}\n\n${HELP}`);
    case 'unknown':
      return textAnswer(`I did not understand that. ${NO_MODEL} Type "help" for what I can do until then.`);
    case 'call': {
      // There are more tools than it is told of; a name that none has is refused where calls are judged.
      if (tools.length === 0) return textAnswer(`I may use no tools here, and would need ${intent.tool}.`);
      const call = { callId: 'offline', tool: intent.tool, arguments: intent.arguments };
      return { ...textAnswer(''), toolCalls: withUniqueIds([call], messages) };
    }
  }
}

function textAnswer(text: string): ModelAnswer {
  return { text, toolCalls: [], usage: { inputTokens: 0, outputTokens: 0 }, model: 'offline' };
}
