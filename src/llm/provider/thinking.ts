import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { JsonObject } from '../../core/json.ts';
import { PROVIDERS } from '../catalogue/providers.ts';
import type { ModelMessage, ModelRequest, ThinkingLevel } from '../model.ts';
import type { ProviderSettings } from '../settings.ts';

/** How much the model is told to think, in the words of its adapter and its server. */
export interface ThinkingOptions {
  readonly reasoning?: LanguageModelV4CallOptions['reasoning'];
  /** Fields of the request's body that the adapter does not know. */
  readonly body?: JsonObject;
}

type Question = Pick<ModelRequest, 'thinking' | 'messages'>;

/** Nothing where the model is left as it is set up by itself. */
export function thinkingOptions(request: Question, settings: ProviderSettings): ThinkingOptions {
  if (settings.protocol === 'openai-chat') return forChat(request, settings);
  if (request.thinking === undefined || mustNotThink(request, settings)) return {};
  return { reasoning: LEVELS[request.thinking] };
}

const LEVELS = { off: 'none', low: 'low', medium: 'medium', high: 'high' } as const;

function forChat(request: Question, settings: ProviderSettings): ThinkingOptions {
  const { effortModels, thinkingSwitch } = PROVIDERS[settings.provider];
  if (thinkingSwitch) return switched(request);
  if (request.thinking === undefined || !effortModels?.test(settings.model)) return {};
  return { reasoning: effort(request.thinking, settings.model) };
}

/** GPT-OSS and Grok cannot be kept from thinking. */
function effort(level: ThinkingLevel, model: string): LanguageModelV4CallOptions['reasoning'] {
  return level === 'off' && /gpt-oss|grok/.test(model) ? 'low' : LEVELS[level];
}

function switched({ thinking, messages }: Question): ThinkingOptions {
  if (messages.some(hasCalls)) return { body: { thinking: { type: 'disabled' } } };
  if (thinking === undefined) return {};
  return { body: { thinking: { type: thinking === 'off' ? 'disabled' : 'enabled' } } };
}

/** Claude models before 4.6 think by a budget, and then refuse the results of calls without the thoughts before them. */
function mustNotThink({ messages }: Question, { protocol, model }: ProviderSettings): boolean {
  const byBudget = /claude-(?:3|(?:opus|sonnet|haiku)-4-(?:[015]|20\d{6}))(?!\d)/.test(model);
  return protocol === 'anthropic-messages' && byBudget && messages.at(-1)?.role === 'tool';
}

function hasCalls(message: ModelMessage): boolean {
  return message.role === 'assistant' && message.toolCalls.length > 0;
}
