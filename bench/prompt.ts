import { join } from 'node:path';
import { countTokens } from 'gpt-tokenizer';
import { z } from 'zod';
import { connect } from '../src/gateway/index.ts';
import { IDENTITY_CHARACTERS, IDENTITY_PATHS, renderIdentity } from '../src/llm/index.ts';
import { startModelServer } from '../src/llm/testing/openai-server.ts';
import { modelEnvironment, startAssistant } from './assistant.ts';
import { openConversation } from './conversation.ts';
import type { Benchmark, Line } from './harness.ts';
import { openScratch } from './results.ts';

/** What a user pays for before having said anything: the prompt that goes out for a bare greeting. */
export const benchmark: Benchmark = {
  about: 'tokens (o200k) that are sent to the model for a bare "hi"',
  defaultRounds: 1,
  async measure({ nodeFlags }) {
    const { messages, tools } = await promptFor('hi', nodeFlags);
    const instructions = tokensOf(messages.filter(({ role }) => role === 'system'));
    const conversation = tokensOf(messages.filter(({ role }) => role !== 'system'));
    const descriptions = tools.length === 0 ? 0 : countTokens(JSON.stringify(tools));
    const total = instructions + conversation + descriptions;
    return [
      tokens('system prompt', instructions),
      tokens('messages', conversation),
      tokens(`descriptions of ${tools.length} tools`, descriptions),
      { ...tokens('whole prompt', total), target: { atMost: 2_500 } },
      { ...tokens('on top of it, at most: what memory says', identity()), target: { atMost: 2_000 } },
    ];
  },
};

/** Of documents that are as long as they may be, and longer. */
function identity(): number {
  const text = 'The user lives in Berlin, has a cat called Mimi, and likes short answers. '.repeat(100);
  const head = { text: text.slice(0, IDENTITY_CHARACTERS), characters: text.length, origins: [] };
  return countTokens(renderIdentity(IDENTITY_PATHS.map((path) => ({ path, ...head }))));
}

const promptSchema = z.object({
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })),
  tools: z.array(z.unknown()).default([]),
});

type Prompt = z.infer<typeof promptSchema>;

/** The prompt as it arrives at the model's server. */
async function promptFor(text: string, nodeFlags: readonly string[]): Promise<Prompt> {
  await using scratch = openScratch();
  const server = await startModelServer();
  try {
    const folders = { home: join(scratch.path, 'home'), cache: join(scratch.path, 'cache') };
    await using assistant = await startAssistant({
      ...folders,
      env: modelEnvironment(server.url),
      nodeFlags,
    });
    const user = await connect({ url: assistant.url, token: assistant.token, reconnect: false });
    const conversation = await openConversation(user, 'greeting');
    await conversation.say(text);
    await user.close();
    return promptSchema.parse(server.requests[0]?.body);
  } finally {
    await server.close();
  }
}

function tokensOf(messages: Prompt['messages']): number {
  return messages.reduce((sum, { content }) => sum + countTokens(asText(content)), 0);
}

/** Messages may also be lists of parts. */
function asText(content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content);
}

function tokens(
  name: string,
  count: number,
): Line & { readonly unit: string; readonly rounds: readonly number[] } {
  return { name, unit: 'tokens', rounds: [count] };
}
