import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FunctionTool,
  LanguageModelV4Message,
} from '@ai-sdk/provider';
import type { ModelMessage, ModelRequest, ToolDescription } from '../model.ts';

/** A request in the form of the adapters. */
export function toCallOptions(request: ModelRequest): LanguageModelV4CallOptions {
  return {
    prompt: [{ role: 'system', content: request.system }, ...request.messages.flatMap(toMessage)],
    ...(request.tools.length > 0 ? { tools: request.tools.map(toTool) } : {}),
    abortSignal: request.signal,
    // Conversations are kept here, not with the provider.
    providerOptions: { openai: { store: false } },
  };
}

function toMessage(message: ModelMessage): LanguageModelV4Message[] {
  if (message.role === 'user') return [{ role: 'user', content: [{ type: 'text', text: message.text }] }];
  if (message.role === 'assistant') return fromAssistant(message);
  const output = { type: message.failed ? 'error-text' : 'text', value: message.content } as const;
  return [
    {
      role: 'tool',
      content: [{ type: 'tool-result', toolCallId: message.callId, toolName: message.tool, output }],
    },
  ];
}

/** Providers refuse empty text, so a message that holds nothing is left out. */
function fromAssistant(message: Extract<ModelMessage, { role: 'assistant' }>): LanguageModelV4Message[] {
  const text = message.text === '' ? [] : [{ type: 'text', text: message.text } as const];
  const calls = message.toolCalls.map(
    (call) =>
      ({ type: 'tool-call', toolCallId: call.callId, toolName: call.tool, input: call.arguments }) as const,
  );
  return text.length + calls.length === 0 ? [] : [{ role: 'assistant', content: [...text, ...calls] }];
}

function toTool({ name, description, parameters }: ToolDescription): LanguageModelV4FunctionTool {
  return { type: 'function', name, description, inputSchema: parameters };
}
