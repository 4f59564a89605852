import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FilePart,
  LanguageModelV4FunctionTool,
  LanguageModelV4Message,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider';
import { profileOf } from '../catalogue/profile.ts';
import type { ModelMessage, ModelRequest, Picture, ToolDescription } from '../model.ts';
import type { ProviderSettings } from '../settings.ts';
import { sentCallId } from './sent-call-id.ts';
import { thinkingOptions } from './thinking.ts';

/**
 * A request in the form of the adapters. What stays the same from call to call stands first (tools, system prompt,
 * the conversation so far), so that providers can reuse what they have read of it.
 */
export function toCallOptions(request: ModelRequest, settings: ProviderSettings): LanguageModelV4CallOptions {
  const { reasoning, body } = thinkingOptions(request, settings);
  const maxOutputTokens = request.maxOutputTokens ?? defaultOutput(settings);
  const callId = (id: string): string => sentCallId(id, settings);
  const marks = settings.protocol === 'anthropic-messages' ? CACHE_UP_TO_HERE : undefined;
  const system: LanguageModelV4Message = { role: 'system', content: request.system, ...mark(marks) };
  return {
    prompt: [
      system,
      ...markLast(
        request.messages.flatMap((message) => toMessage(message, callId)),
        marks,
      ),
    ],
    ...(request.tools.length > 0 ? { tools: markLast(request.tools.map(toTool), marks) } : {}),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(reasoning === undefined ? {} : { reasoning }),
    abortSignal: request.signal,
    providerOptions: {
      // Conversations are kept here, not with the provider.
      openai: { store: false },
      ...(body === undefined ? {} : { [settings.provider]: body }),
    },
  };
}

/** Anthropic keeps nothing unless it is told where what it may reuse ends; the others do so by themselves. */
const CACHE_UP_TO_HERE: SharedV4ProviderOptions = { anthropic: { cacheControl: { type: 'ephemeral' } } };

function mark(marks: SharedV4ProviderOptions | undefined): { providerOptions?: SharedV4ProviderOptions } {
  return marks === undefined ? {} : { providerOptions: marks };
}

function markLast<Item extends { readonly providerOptions?: SharedV4ProviderOptions }>(
  items: readonly Item[],
  marks: SharedV4ProviderOptions | undefined,
): Item[] {
  return items.map((item, index) => (index === items.length - 1 ? { ...item, ...mark(marks) } : item));
}

/** Anthropic's interface wants a limit in each request; the adapter's own for a model it does not know is 4,096. */
function defaultOutput(settings: ProviderSettings): number | undefined {
  const { protocol, model } = settings;
  if (protocol !== 'anthropic-messages' || model.includes('claude-')) return undefined;
  return profileOf(settings).limits.outputTokens;
}

type CallId = (callId: string) => string;

function toMessage(message: ModelMessage, callId: CallId): LanguageModelV4Message[] {
  if (message.role === 'user') return fromUser(message);
  if (message.role === 'assistant') return fromAssistant(message, callId);
  const output = { type: message.failed ? 'error-text' : 'text', value: message.content } as const;
  return [
    {
      role: 'tool',
      content: [{ type: 'tool-result', toolCallId: callId(message.callId), toolName: message.tool, output }],
    },
  ];
}

function fromUser({
  text,
  pictures = [],
}: Extract<ModelMessage, { role: 'user' }>): LanguageModelV4Message[] {
  const words = text === '' && pictures.length > 0 ? [] : [{ type: 'text', text } as const];
  return [{ role: 'user', content: [...words, ...pictures.map(toPicture)] }];
}

function toPicture({ mediaType, data }: Picture): LanguageModelV4FilePart {
  return { type: 'file', mediaType, data: { type: 'data', data } };
}

/** Providers refuse empty text, so a message that holds nothing is left out. */
function fromAssistant(
  message: Extract<ModelMessage, { role: 'assistant' }>,
  callId: CallId,
): LanguageModelV4Message[] {
  const text = message.text === '' ? [] : [{ type: 'text', text: message.text } as const];
  const calls = message.toolCalls.map(
    (call) =>
      ({
        type: 'tool-call',
        toolCallId: callId(call.callId),
        toolName: call.tool,
        input: call.arguments,
      }) as const,
  );
  return text.length + calls.length === 0 ? [] : [{ role: 'assistant', content: [...text, ...calls] }];
}

function toTool({ name, description, parameters }: ToolDescription): LanguageModelV4FunctionTool {
  return { type: 'function', name, description, inputSchema: parameters };
}
