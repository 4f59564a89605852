import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ModelFailure } from '../../core/journal.ts';
import { createModel } from '../create-model.ts';
import type { Model, ModelAnswer, ModelRequest } from '../model.ts';
import type { ProviderSettings } from '../settings.ts';
import { type ModelServer, startModelServer } from '../testing/openai-server.ts';
import type { Reply } from '../testing/script.ts';
import { unparsedArguments } from '../tool-arguments.ts';

const KEY = 'very-secret-value-42';

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());

const settingsFor = (protocol: ProviderSettings['protocol'], baseUrl = server.url): ProviderSettings => ({
  provider: PROVIDER_OF[protocol],
  protocol,
  model: 'test-model',
  baseUrl,
  apiKey: KEY,
  sources: { apiKey: 'THE_KEY', baseUrl: 'THE_URL', model: 'THE_MODEL' },
});

const PROVIDER_OF = {
  'openai-chat': 'openai-compatible',
  'openai-responses': 'openai',
  'anthropic-messages': 'anthropic',
} as const;

const request = (extra: Partial<ModelRequest> = {}): ModelRequest => ({
  system: 'Be brief.',
  messages: [{ role: 'user', text: 'hi' }],
  tools: [{ name: 'echo', description: 'Says it again.', parameters: { type: 'object', properties: {} } }],
  signal: new AbortController().signal,
  ...extra,
});

async function succeed(model: Model, extra?: Partial<ModelRequest>): Promise<ModelAnswer> {
  const answer = await model.complete(request(extra));
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value;
}

async function fail(model: Model, reply?: Reply, extra?: Partial<ModelRequest>): Promise<ModelFailure> {
  if (reply) server.enqueue(reply);
  const answer = await model.complete(request(extra));
  if (answer.ok) throw new Error('expected a failure');
  expect(JSON.stringify(answer.error)).not.toContain(KEY);
  return answer.error;
}

describe.each(['openai-chat', 'openai-responses', 'anthropic-messages'] as const)('%s', (protocol) => {
  let model: Model;
  beforeEach(() => {
    model = createModel(settingsFor(protocol));
  });

  test('streams text and reports what it cost', async () => {
    const heard: string[] = [];
    server.enqueue({
      type: 'answer',
      text: 'Hello there, friend.',
      usage: { inputTokens: 12, outputTokens: 7 },
    });
    const answer = await succeed(model, { onText: (text) => heard.push(text) });
    expect(answer).toEqual({
      text: 'Hello there, friend.',
      toolCalls: [],
      usage: { inputTokens: 12, outputTokens: 7 },
      model: 'test-model',
    });
    expect(heard).toEqual(['Hello ', 'there, ', 'friend.']);
  });

  test('collects calls, and tells malformed arguments apart from an answer without any use', async () => {
    server.enqueue({
      type: 'answer',
      text: 'Let me see.',
      toolCalls: [
        { id: 'a', name: 'echo', arguments: { message: 'x', deep: { list: [1] } } },
        { id: 'b', name: 'echo', arguments: '{"message": "cut o' },
      ],
    });
    const { text, toolCalls } = await succeed(model);
    expect(text).toBe('Let me see.');
    expect(toolCalls[0]).toEqual({
      callId: 'a',
      tool: 'echo',
      arguments: { message: 'x', deep: { list: [1] } },
    });
    expect(unparsedArguments(toolCalls[1]?.arguments ?? {})).toBe('{"message": "cut o');
  });

  test('missing and repeated call ids are made unique, over the whole conversation', async () => {
    const call = { name: 'echo', arguments: {} };
    server.enqueue({ type: 'answer', toolCalls: [{ ...call, id: 'a' }, { ...call, id: 'a' }, call] });
    const messages = [
      { role: 'user', text: 'hi' },
      { role: 'assistant', text: '', toolCalls: [{ callId: 'a', tool: 'echo', arguments: {} }] },
      { role: 'tool', callId: 'a', tool: 'echo', content: 'x', failed: false },
    ] as const;
    const { toolCalls } = await succeed(model, { messages });
    expect(new Set(['a', '', ...toolCalls.map(({ callId }) => callId)]).size).toBe(5);
  });

  test('sends the whole conversation, tools and key', async () => {
    const messages = [
      { role: 'user', text: 'first question' },
      { role: 'assistant', text: '', toolCalls: [] },
      {
        role: 'assistant',
        text: 'thinking',
        toolCalls: [{ callId: 'a1', tool: 'echo', arguments: { m: 'x' } }],
      },
      { role: 'tool', callId: 'a1', tool: 'echo', content: 'the result', failed: true },
    ] as const;
    await succeed(model, { messages });
    const sent = server.requests.at(-1);
    const body = JSON.stringify(sent?.body);
    for (const part of ['Be brief.', 'first question', 'thinking', 'a1', 'the result', 'Says it again.']) {
      expect(body).toContain(part);
    }
    expect(JSON.stringify(sent?.headers)).toContain(KEY);
    expect(sent?.body).toMatchObject({ model: 'test-model', stream: true });
  });

  test('a wrong key names the place where it is set', async () => {
    const body = { error: { type: 'auth', message: `Incorrect API key provided: ${KEY}` } };
    const failure = await fail(model, { type: 'status', status: 401, body });
    expect(failure.kind).toBe('unauthorized');
    expect(failure.message).toContain('THE_KEY');
  });

  test('a rate limit says how long to wait', async () => {
    const failure = await fail(model, {
      type: 'status',
      status: 429,
      headers: { 'retry-after': '7' },
      body: 'slow down',
    });
    expect(failure).toMatchObject({ kind: 'rate-limited', retryAfterMs: 7000 });
    expect(failure.message).toContain('7 s');
  });

  test('trouble of the provider is not retried here', async () => {
    const before = server.calls();
    const failure = await fail(model, { type: 'status', status: 503, body: 'boom' });
    expect(failure.kind).toBe('unavailable');
    expect(failure.message).toContain('boom');
    expect(server.calls()).toBe(before + 1);
  });

  test.each([
    { type: 'error', message: 'prompt is too long: 210000 tokens > 200000 maximum' },
    { type: 'error', code: 'context_length_exceeded', message: 'maximum context length is 8192 tokens' },
  ])('a conversation that is too long is known by $message', async (error) => {
    const failure = await fail(model, { type: 'status', status: 400, body: { error } });
    expect(failure.kind).toBe('context-too-long');
  });

  test('an unknown model is said by name', async () => {
    const failure = await fail(model, {
      type: 'status',
      status: 404,
      body: { error: { type: 'e', message: 'no such model' } },
    });
    expect(failure).toMatchObject({ kind: 'unavailable' });
    expect(failure.message).toMatch(/test-model.*THE_MODEL/);
  });

  test('an account without credit is told apart from a rate limit', async () => {
    const error = { type: 'e', code: 'insufficient_quota', message: 'You exceeded your current quota' };
    const failure = await fail(model, { type: 'status', status: 429, body: { error } });
    expect(failure).toMatchObject({ kind: 'unauthorized', message: expect.stringContaining('credit') });
  });

  test('the key never follows a redirect to another host', async () => {
    const failure = await fail(model, {
      type: 'status',
      status: 307,
      headers: { location: 'https://else.example/v1?k=1' },
    });
    expect(failure).toMatchObject({
      kind: 'bad-response',
      message: expect.stringContaining('https://else.example/v1.'),
    });
  });

  test.each(['socket', 'end'] as const)('a stream cut in half (%s) is a broken stream', async (how) => {
    const heard: string[] = [];
    const failure = await fail(
      model,
      { type: 'cut', how, text: 'one two three four five six' },
      { onText: (text) => heard.push(text) },
    );
    expect(failure.kind).toBe('broken-stream');
    expect(heard.join('')).toMatch(/^one two/);
  });

  test.each([
    ['text/html', '<html>Welcome</html>'],
    ['application/json', '{"hello": "world"}'],
    ['text/event-stream', 'garbage'],
    ['text/event-stream', 'data: {"half\n\n'],
    ['text/event-stream', ''],
  ])('what is no answer of a model (%s %j) points to the address', async (contentType, body) => {
    const failure = await fail(model, { type: 'raw', contentType, body });
    expect(failure).toMatchObject({ kind: 'bad-response', message: expect.stringContaining('THE_URL') });
  });

  test('an answer with nothing in it is a failure', async () => {
    expect(await fail(model, { type: 'answer', text: '' })).toMatchObject({ kind: 'bad-response' });
  });

  test.each([{ type: 'hang' }, { type: 'hang', text: 'half of it is here' }] as const)(
    'silence (%j) times out',
    async (reply) => {
      const impatient = createModel(settingsFor(protocol), { idleTimeoutMs: 20 });
      expect(await fail(impatient, reply)).toMatchObject({
        kind: 'timeout',
        message: expect.stringContaining('0.02 s'),
      });
    },
  );

  test('an interrupted call ends at once, also at the server', async () => {
    const controller = new AbortController();
    const started = Promise.withResolvers<void>();
    const abandoned = server.abandoned(server.abandonedCalls() + 1);
    const failure = fail(
      model,
      { type: 'hang', text: 'half of it is here' },
      { signal: controller.signal, onText: () => started.resolve() },
    );
    await started.promise;
    controller.abort();
    expect(await failure).toMatchObject({ kind: 'interrupted' });
    await abandoned;
  });

  test('a call that is interrupted before it starts is never made', async () => {
    const before = server.calls();
    expect(await fail(model, undefined, { signal: AbortSignal.abort() })).toMatchObject({
      kind: 'interrupted',
    });
    expect(server.calls()).toBe(before);
  });

  test('a server that is not there is named', async () => {
    const url = `http://127.0.0.1:${await freePort()}/v1`;
    const failure = await fail(createModel(settingsFor(protocol, url)));
    expect(failure.kind).toBe('unreachable');
    expect(failure.message).toContain(url);
    expect(failure.message).toContain('THE_URL');
  });
});

describe('openai-chat', () => {
  test('an error inside the stream is told in the server’s words', async () => {
    const body = 'data: {"error":{"message":"model overloaded","type":"overloaded"}}\n\n';
    const failure = await fail(createModel(settingsFor('openai-chat')), {
      type: 'raw',
      contentType: 'text/event-stream',
      body,
    });
    expect(failure).toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('model overloaded'),
    });
  });

  test('a slow drip is an answer like any other', async () => {
    const pauses: number[] = [];
    const dripping = await startModelServer({ pause: async (ms) => void pauses.push(ms) });
    dripping.enqueue({ type: 'answer', text: 'one two three', delayMs: 5000, dripMs: 100 });
    const answer = await succeed(createModel(settingsFor('openai-chat', dripping.url)));
    expect(answer.text).toBe('one two three');
    expect(pauses[0]).toBe(5000);
    await dripping.close();
  });

  test('a refusal of the content rules is said to be one', async () => {
    const failure = await fail(createModel(settingsFor('openai-chat')), {
      type: 'answer',
      finishReason: 'content_filter',
    });
    expect(failure).toMatchObject({
      kind: 'bad-response',
      message: expect.stringContaining('content rules'),
    });
  });

  test('a provider without a key that wants one asks for it', async () => {
    const model = createModel({ ...settingsFor('openai-chat'), apiKey: undefined });
    const failure = await fail(model, { type: 'status', status: 401 });
    expect(failure).toMatchObject({ kind: 'unauthorized', message: expect.stringContaining('Set THE_KEY') });
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 1;
}
