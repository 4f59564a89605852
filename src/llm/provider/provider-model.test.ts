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
  'google-generative': 'google',
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

describe.each(['openai-chat', 'openai-responses', 'anthropic-messages', 'google-generative'] as const)(
  '%s',
  (protocol) => {
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

    test('an answer that its limit cut off says so', async () => {
      server.enqueue({ type: 'answer', text: 'and so on', finishReason: 'length' });
      expect(await succeed(model)).toMatchObject({ text: 'and so on', cut: true });
    });

    test('a limit that was reached before a word was said is a failure', async () => {
      const failure = await fail(model, { type: 'answer', text: '', finishReason: 'length' });
      expect(failure).toMatchObject({ kind: 'bad-response', message: expect.stringContaining('used up') });
    });

    test('what came out of the cache is counted', async () => {
      server.enqueue({
        type: 'answer',
        text: 'ok',
        usage: { inputTokens: 100, outputTokens: 1, cacheReadTokens: 80 },
      });
      expect((await succeed(model)).usage).toMatchObject({ inputTokens: 100, cacheReadTokens: 80 });
    });

    test('thoughts that a model writes into its text are neither shown nor kept', async () => {
      const heard: string[] = [];
      server.enqueue({ type: 'answer', text: '<think>\nthe user is odd\n</think>\n\nHello there.' });
      const { text } = await succeed(model, { onText: (piece) => heard.push(piece) });
      expect(text).toBe('Hello there.');
      expect(heard.join('')).toBe('Hello there.');
    });

    test('pictures and the limit of the answer are sent along', async () => {
      const pictures = [{ mediaType: 'image/png', data: Buffer.from('a picture') }];
      await succeed(model, { messages: [{ role: 'user', text: 'look', pictures }], maxOutputTokens: 321 });
      const body = JSON.stringify(server.requests.at(-1)?.body);
      expect(body).toContain(Buffer.from('a picture').toString('base64'));
      expect(body).toContain('image/png');
      expect(body).toContain('321');
    });

    test('the same beginning is sent in the same words, so that it can be cached', async () => {
      const first = [{ role: 'user', text: 'one' }] as const;
      await succeed(model, { messages: first });
      await succeed(model, { messages: [...first, { role: 'assistant', text: 'two', toolCalls: [] }] });
      const [before = '', after = ''] = server.requests
        .slice(-2)
        .map(({ body }) => JSON.stringify(body).replaceAll(/"cache_control":\{[^}]*\},?/g, ''));
      expect(after.startsWith(before.slice(0, before.indexOf('one')))).toBe(true);
    });

    test('a key is read anew for each request, and a new one counts at once', async () => {
      let current = 'first-key-of-all';
      const { apiKey: _, ...settings } = settingsFor(protocol);
      const kept = createModel(
        { ...settings, apiKey: undefined, vaultKey: 'THE_KEY' },
        { readKey: async (name) => (name === 'THE_KEY' ? current : undefined) },
      );
      await succeed(kept);
      expect(JSON.stringify(server.requests.at(-1)?.headers)).toContain(current);
      current = 'second-key-of-all';
      server.enqueue({ type: 'status', status: 403, body: `wrong key ${current}` });
      const answer = await kept.complete(request());
      expect(JSON.stringify(server.requests.at(-1)?.headers)).toContain(current);
      expect(JSON.stringify(answer)).not.toContain(current);
      expect(answer).toMatchObject({ ok: false, error: { kind: 'unauthorized' } });
    });

    test('calls at the same time have each its own key', async () => {
      const keys = ['first.secret.value', 'second.secret.value'];
      const settings = { ...settingsFor(protocol), apiKey: undefined, vaultKey: 'THE_KEY' };
      const kept = createModel(settings, { readKey: async () => keys.shift() });
      const refusal = {
        type: 'status',
        status: 403,
        body: 'no: first.secret.value, second.secret.value',
      } as const;
      server.enqueue(refusal, refusal);
      const answers = await Promise.all([kept.complete(request()), kept.complete(request())]);
      const sent = server.requests.slice(-2).map(({ headers }) => JSON.stringify(headers));
      expect(sent.filter((headers) => headers.includes('first.secret.value'))).toHaveLength(1);
      expect(sent.filter((headers) => headers.includes('second.secret.value'))).toHaveLength(1);
      expect(answers.map((answer) => !answer.ok && answer.error.message)).toEqual([
        expect.stringContaining('[key], second.secret.value'),
        expect.stringContaining('first.secret.value, [key]'),
      ]);
    });

    test('a key that cannot be read is told, and nobody is asked', async () => {
      const before = server.calls();
      const settings = { ...settingsFor(protocol), apiKey: undefined, vaultKey: 'THE_KEY' };
      const locked = createModel(settings, {
        readKey: () => Promise.reject(new Error('The vault is locked.')),
      });
      expect(await fail(locked)).toMatchObject({
        kind: 'unauthorized',
        message: expect.stringContaining('The vault is locked.'),
      });
      const gone = createModel(settings, { readKey: async () => undefined });
      expect(await fail(gone)).toMatchObject({
        kind: 'unauthorized',
        message: expect.stringContaining('THE_KEY'),
      });
      expect(server.calls()).toBe(before);
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
      expect(failure).toMatchObject({ kind: 'unknown-model' });
      expect(failure.message).toMatch(/test-model.*THE_MODEL/);
    });

    test('an account without credit is told apart from a rate limit', async () => {
      const error = { type: 'e', code: 'insufficient_quota', message: 'You exceeded your current quota' };
      const failure = await fail(model, { type: 'status', status: 429, body: { error } });
      expect(failure).toMatchObject({ kind: 'no-credit', message: expect.stringContaining('credit') });
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
      ['text/html', '<html>Welcome</html>', 'unavailable'],
      ['application/json', '{"hello": "world"}', 'unavailable'],
      ['text/event-stream', 'garbage', 'bad-response'],
      ['text/event-stream', 'data: {"half\n\n', 'bad-response'],
      ['text/event-stream', '', 'bad-response'],
    ])('what is no answer of a model (%s %j) points to the address', async (contentType, body, kind) => {
      const failure = await fail(model, { type: 'raw', contentType, body });
      expect(failure).toMatchObject({ kind, message: expect.stringContaining('THE_URL') });
    });

    test('an answer with nothing in it is a failure', async () => {
      expect(await fail(model, { type: 'answer', text: '' })).toMatchObject({ kind: 'empty' });
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
  },
);

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

  test.each([
    '<tool_call>\n{"name": "echo", "arguments": {"m": "x"}}\n</tool_call>',
    '<function=echo>{"m": "x"}</function>',
    '<tool_call>\n<function=echo>\n<parameter=m>\nx\n</parameter>\n</function>\n</tool_call>',
    '```tool_call\n{"name": "echo", "arguments": {"m": "x"}}\n```',
  ])('a call that is written as text is a call (%j)', async (written) => {
    server.enqueue({ type: 'answer', text: `Let me see.\n${written}` });
    const { text, toolCalls } = await succeed(createModel(settingsFor('openai-chat')));
    expect(text).toBe('Let me see.');
    expect(toolCalls).toEqual([{ callId: 'call', tool: 'echo', arguments: { m: 'x' } }]);
  });

  test('a written call is not shown while it is written, and is where it was none', async () => {
    const heard: string[] = [];
    const text = 'So.\n<tool_call>\n{"name": "launch", "arguments": {}}\n</tool_call>';
    server.enqueue({ type: 'answer', text: text.replace('launch', 'echo') }, { type: 'answer', text });
    const model = createModel(settingsFor('openai-chat'));
    await succeed(model, { onText: (piece) => heard.push(piece) });
    expect(heard.join('')).toBe('So.\n');
    heard.length = 0;
    expect(await succeed(model, { onText: (piece) => heard.push(piece) })).toMatchObject({
      text,
      toolCalls: [],
    });
    expect(heard.join('')).toBe(text);
  });

  test('how much to think is told to those that understand it', async () => {
    const ask = async (
      provider: ProviderSettings['provider'],
      model: string,
      extra?: Partial<ModelRequest>,
    ) => {
      await succeed(createModel({ ...settingsFor('openai-chat'), provider, model }), extra);
      return server.requests.at(-1)?.body;
    };
    expect(await ask('openrouter', 'x', { thinking: 'high' })).toMatchObject({ reasoning_effort: 'high' });
    expect(await ask('groq', 'openai/gpt-oss-120b', { thinking: 'off' })).toMatchObject({
      reasoning_effort: 'low',
    });
    expect(await ask('groq', 'llama', { thinking: 'high' })).not.toHaveProperty('reasoning_effort');
    expect(await ask('openai-compatible', 'x', { thinking: 'high' })).not.toHaveProperty('reasoning_effort');
    expect(await ask('deepseek', 'x', { thinking: 'low' })).toMatchObject({ thinking: { type: 'enabled' } });
  });

  test('DeepSeek does not think where the thoughts behind earlier calls would be asked back', async () => {
    const model = createModel({ ...settingsFor('openai-chat'), provider: 'deepseek' });
    const messages = [
      { role: 'user', text: 'hi' },
      { role: 'assistant', text: '', toolCalls: [{ callId: 'a', tool: 'echo', arguments: {} }] },
      { role: 'tool', callId: 'a', tool: 'echo', content: 'x', failed: false },
    ] as const;
    await succeed(model, { messages, thinking: 'high' });
    expect(server.requests.at(-1)?.body).toMatchObject({ thinking: { type: 'disabled' } });
  });

  test('ids of another provider’s calls are put into a form that this one takes', async () => {
    const callId = 'functions.echo:0';
    const messages = [
      { role: 'user', text: 'hi' },
      { role: 'assistant', text: '', toolCalls: [{ callId, tool: 'echo', arguments: {} }] },
      { role: 'tool', callId, tool: 'echo', content: 'x', failed: false },
    ] as const;
    const ids = async (settings: ProviderSettings, pattern: RegExp): Promise<unknown[]> => {
      await succeed(createModel(settings), { messages });
      const body = JSON.stringify(server.requests.at(-1)?.body.messages);
      return [...body.matchAll(pattern)].map(([, id]) => id);
    };
    const chat = settingsFor('openai-chat');
    const mistral = await ids({ ...chat, provider: 'mistral' }, /"(?:id|tool_call_id)":"([^"]*)"/g);
    expect(mistral).toEqual([expect.stringMatching(/^[a-z0-9]{9}$/), mistral[0]]);
    const claude = await ids(settingsFor('anthropic-messages'), /"(?:id|tool_use_id)":"([^"]*)"/g);
    expect(claude).toEqual([mistral[0], mistral[0]]);
    expect(await ids(chat, /"tool_call_id":"([^"]*)"/g)).toEqual([callId]);
  });

  test('a model that is not there is known by the words of a bad request', async () => {
    const failure = await fail(createModel(settingsFor('openai-chat')), {
      type: 'status',
      status: 400,
      body: { error: { message: 'Model Not Exist', type: 'invalid_request_error' } },
    });
    expect(failure.kind).toBe('unknown-model');
  });

  test('a provider without a key that wants one asks for it', async () => {
    const model = createModel({ ...settingsFor('openai-chat'), apiKey: undefined });
    const failure = await fail(model, { type: 'status', status: 401 });
    expect(failure).toMatchObject({ kind: 'unauthorized', message: expect.stringContaining('Set THE_KEY') });
  });
});

describe('anthropic-messages', () => {
  test('says what is to be cached: tools, system prompt and all the messages so far', async () => {
    server.enqueue({
      type: 'answer',
      text: 'ok',
      usage: { inputTokens: 100, outputTokens: 1, cacheReadTokens: 60, cacheWriteTokens: 30 },
    });
    const messages = [
      { role: 'user', text: 'one' },
      { role: 'assistant', text: '', toolCalls: [{ callId: 'a', tool: 'echo', arguments: {} }] },
      { role: 'tool', callId: 'a', tool: 'echo', content: 'x', failed: false },
    ] as const;
    const { usage } = await succeed(createModel(settingsFor('anthropic-messages')), { messages });
    const ephemeral = { cache_control: { type: 'ephemeral' } };
    expect(server.requests.at(-1)?.body).toMatchObject({
      system: [ephemeral],
      tools: [ephemeral],
      messages: [{}, {}, { content: [ephemeral] }],
    });
    expect(JSON.stringify(server.requests.at(-1)?.body).match(/cache_control/g)).toHaveLength(3);
    expect(usage).toEqual({ inputTokens: 100, outputTokens: 1, cacheReadTokens: 60, cacheWriteTokens: 30 });
  });

  test('a model that thinks by a budget does not where it would want its thoughts back', async () => {
    const model = createModel({ ...settingsFor('anthropic-messages'), model: 'claude-haiku-4-5' });
    const messages = [
      { role: 'user', text: 'one' },
      { role: 'assistant', text: '', toolCalls: [{ callId: 'a', tool: 'echo', arguments: {} }] },
      { role: 'tool', callId: 'a', tool: 'echo', content: 'x', failed: false },
    ] as const;
    await succeed(model, { thinking: 'low' });
    expect(server.requests.at(-1)?.body).toMatchObject({ thinking: { type: 'enabled' } });
    await succeed(model, { thinking: 'low', messages });
    expect(server.requests.at(-1)?.body).not.toHaveProperty('thinking');
  });
});

describe('openai-responses', () => {
  test('an answer that failed after its first words is no answer', async () => {
    const events = [
      { type: 'response.created', response: { id: 'r', created_at: 1, model: 'm' } },
      { type: 'response.output_item.added', output_index: 0, item: { type: 'message', id: 'a' } },
      { type: 'response.output_text.delta', item_id: 'a', output_index: 0, delta: 'Half of' },
      { type: 'response.failed', sequence_number: 4, response: { error: { code: 'x', message: 'no' } } },
    ];
    const body = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
    const reply = { type: 'raw', contentType: 'text/event-stream', body } as const;
    const failure = await fail(createModel(settingsFor('openai-responses')), reply);
    expect(failure).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('"no"') });
  });
});

describe('google-generative', () => {
  test('an answer that ends in a call it could not write is no answer', async () => {
    const parts = [{ text: 'Let me see.' }];
    const candidates = [{ content: { role: 'model', parts }, finishReason: 'MALFORMED_FUNCTION_CALL' }];
    const body = `data: ${JSON.stringify({ candidates })}\n\n`;
    const reply = { type: 'raw', contentType: 'text/event-stream', body } as const;
    expect(await fail(createModel(settingsFor('google-generative')), reply)).toMatchObject({
      kind: 'broken-stream',
    });
  });

  test('a wrong key, which it calls a bad request, is known as one', async () => {
    const error = { code: 400, status: 'INVALID_ARGUMENT', message: 'API key not valid. Please pass one.' };
    const failure = await fail(createModel(settingsFor('google-generative')), {
      type: 'status',
      status: 400,
      body: { error },
    });
    expect(failure).toMatchObject({ kind: 'unauthorized', message: expect.stringContaining('THE_KEY') });
  });

  test('a limit that says in words when it ends is waited for', async () => {
    const error = { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Please retry in 34.5s.' };
    const failure = await fail(createModel(settingsFor('google-generative')), {
      type: 'status',
      status: 429,
      body: { error },
    });
    expect(failure).toMatchObject({ kind: 'rate-limited', retryAfterMs: 34_500 });
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 1;
}
