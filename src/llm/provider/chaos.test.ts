import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModelFailure } from '../../core/journal.ts';
import type { Result } from '../../core/result.ts';
import type { Protocol } from '../catalogue/providers.ts';
import { createModel } from '../create-model.ts';
import type { ModelAnswer } from '../model.ts';
import { type ChaosServer, FAULT_NAMES, type Fault, startChaosServer } from '../testing/chaos-server.ts';
import { isTransient } from '../transient.ts';

const KEY = 'very-secret-value-42';
/** Patience with a silent server: real time, for a real silence. */
const IDLE_MS = 150;
const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);

let server: ChaosServer;
beforeAll(async () => {
  server = await startChaosServer();
});
afterAll(() => server.close());

const PROVIDER_OF = {
  'openai-chat': 'openai-compatible',
  'openai-responses': 'openai',
  'anthropic-messages': 'anthropic',
  'google-generative': 'google',
} as const;

type Expected = 'text' | 'two calls' | ModelFailure['kind'];

const EXPECTED: Readonly<Record<Fault, Expected>> = {
  'hang before headers': 'timeout',
  'hang after the first byte': 'timeout',
  'hang in the middle': 'timeout',
  drip: 'text',
  'garbage bytes': 'bad-response',
  'half a call': 'broken-stream',
  'calls of the same id': 'two calls',
  '429 with seconds': 'rate-limited',
  '429 with a date': 'rate-limited',
  '429 with nothing': 'rate-limited',
  '500': 'unavailable',
  '503': 'unavailable',
  'a page': 'unavailable',
  'empty body': 'bad-response',
  redirect: 'bad-response',
  'reset before headers': 'unreachable',
  'reset in the middle': 'broken-stream',
  'half an event': 'broken-stream',
  'an error in the stream': 'unavailable',
  'empty answer': 'empty',
  'ten megabytes': 'text',
};

const LASTING: readonly Expected[] = ['bad-response'];

function ask(protocol: Protocol, idleTimeoutMs = 30_000): Promise<Result<ModelAnswer, ModelFailure>> {
  const model = createModel(
    {
      provider: PROVIDER_OF[protocol],
      protocol,
      model: 'chaos',
      baseUrl: server.url,
      apiKey: KEY,
      sources: { apiKey: 'THE_KEY', baseUrl: 'THE_URL', model: 'THE_MODEL' },
    },
    { idleTimeoutMs, clock: { now: () => NOW } },
  );
  return model.complete({
    system: 'Be brief.',
    messages: [{ role: 'user', text: 'hi' }],
    tools: [{ name: 'echo', description: 'Says it again.', parameters: { type: 'object', properties: {} } }],
    signal: new AbortController().signal,
  });
}

describe.each(['openai-chat', 'openai-responses', 'anthropic-messages', 'google-generative'] as const)(
  '%s',
  (protocol) => {
    test.each(FAULT_NAMES)('%s', async (fault) => {
      server.misbehave(fault);
      const expected = EXPECTED[fault];
      const answer = await ask(protocol, expected === 'timeout' ? IDLE_MS : undefined);
      expect(answerOf(answer)).toBe(expected);
      if (answer.ok) return;
      expect(answer.error.message).not.toContain(KEY);
      expect(isTransient(answer.error)).toBe(!LASTING.includes(expected));
    });

    test('a wait that the server asks for is told', async () => {
      server.misbehave('429 with seconds');
      expect(await ask(protocol)).toMatchObject({ error: { retryAfterMs: 7000 } });
      server.misbehave('429 with a date');
      expect(await ask(protocol)).toMatchObject({ error: { retryAfterMs: 30_000 } });
      server.misbehave('429 with nothing');
      const plain = await ask(protocol);
      expect(plain.ok || plain.error.retryAfterMs).toBeUndefined();
    });
  },
);

test('nobody followed the redirects', () => {
  expect(server.redirected()).toBe(0);
});

function answerOf(answer: Result<ModelAnswer, ModelFailure>): Expected {
  if (!answer.ok) return answer.error.kind;
  const { text, toolCalls } = answer.value;
  const ids = new Set(toolCalls.map(({ callId }) => callId));
  if (ids.size === 2) return 'two calls';
  return toolCalls.length === 0 && /^(One two three four five\.|(abcdefghi){100})/.test(text)
    ? 'text'
    : 'empty';
}
