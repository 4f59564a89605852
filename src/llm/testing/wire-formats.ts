import type { Protocol } from '../catalogue/providers.ts';
import { messagesEvents } from './anthropic-messages.ts';
import { chatEvents } from './chat-completions.ts';
import { generateEvents } from './google-generative.ts';
import { responsesEvents } from './openai-responses.ts';
import type { ScriptedAnswer } from './script.ts';

/** An answer as the events of a stream, each with its line breaks; the last one or more say that it is complete. */
export type WireFormat = (answer: ScriptedAnswer, model: string) => string[];

export const WIRE_FORMATS: Readonly<Record<Protocol, WireFormat>> = {
  'openai-chat': chatEvents,
  'openai-responses': responsesEvents,
  'anthropic-messages': messagesEvents,
  'google-generative': generateEvents,
};

/** The protocol that is spoken at an address's path. */
export function protocolAt(path: string): Protocol | undefined {
  if (path === '/v1/chat/completions') return 'openai-chat';
  if (path === '/v1/responses') return 'openai-responses';
  if (path === '/v1/messages') return 'anthropic-messages';
  return googleModel(path) === undefined ? undefined : 'google-generative';
}

/** Google's protocol names the model in the path. */
export function googleModel(path: string): string | undefined {
  return /^\/v1\/models\/([^/:?]+):streamGenerateContent\?/.exec(path)?.[1];
}
