import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProviderName } from '../catalogue/providers.ts';
import { PROVIDERS } from '../catalogue/providers.ts';
import { listModels } from '../list-models.ts';
import type { ProviderSettings } from '../settings.ts';
import { testModel } from '../test-model.ts';
import { type ModelServer, startModelServer } from '../testing/openai-server.ts';

const KEY = 'very-secret-value-42';

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());

const settingsFor = (provider: ProviderName): ProviderSettings => ({
  provider,
  protocol: PROVIDERS[provider].protocol,
  model: 'test-model',
  baseUrl: server.url,
  apiKey: undefined,
  vaultKey: 'THE_KEY',
  sources: { apiKey: 'THE_KEY', baseUrl: 'THE_URL', model: 'THE_MODEL' },
});

const options = { signal: new AbortController().signal, readKey: async () => KEY };

const list = (provider: ProviderName, body: object | string) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  server.enqueue({ type: 'raw', contentType: 'application/json', body: text });
  return listModels(settingsFor(provider), options);
};

test('OpenAI’s way of listing is understood, in order and each once', async () => {
  const data = [{ id: 'b', context_length: 9 }, { id: 'a', name: 'The A' }, { id: 'b' }, { nothing: 1 }];
  expect(await list('openrouter', { data })).toEqual({
    ok: true,
    value: [{ model: 'a', title: 'The A' }, { model: 'b' }],
  });
  expect(server.requests.at(-1)?.headers.authorization).toBe(`Bearer ${KEY}`);
});

test('Anthropic’s too', async () => {
  const data = [{ type: 'model', id: 'claude-x', display_name: 'Claude X', max_input_tokens: 1_000_000 }];
  expect(await list('anthropic', { data })).toEqual({
    ok: true,
    value: [{ model: 'claude-x', title: 'Claude X', contextTokens: 1_000_000 }],
  });
  expect(server.requests.at(-1)).toMatchObject({
    path: '/v1/models?limit=1000',
    headers: { 'x-api-key': KEY },
  });
});

test('and Google’s, without what writes no text', async () => {
  const models = [
    { name: 'models/gemini-x', displayName: 'Gemini X', supportedGenerationMethods: ['generateContent'] },
    { name: 'models/embed', supportedGenerationMethods: ['embedContent'] },
  ];
  expect(await list('google', { models })).toEqual({
    ok: true,
    value: [{ model: 'gemini-x', title: 'Gemini X' }],
  });
  expect(server.requests.at(-1)?.headers['x-goog-api-key']).toBe(KEY);
});

test('a list never holds more than a thousand', async () => {
  const data = Array.from({ length: 1500 }, (_, at) => ({ id: `m${at}` }));
  const listed = await list('groq', data);
  expect(listed.ok && listed.value.length).toBe(1000);
});

test('what goes wrong is told in the same words as with a call', async () => {
  server.enqueue({ type: 'status', status: 401, body: `bad key ${KEY}` });
  expect(await listModels(settingsFor('groq'), options)).toMatchObject({
    error: { kind: 'unauthorized', message: expect.stringContaining('THE_KEY') },
  });
  server.enqueue({ type: 'status', status: 404 });
  expect(await listModels(settingsFor('groq'), options)).toMatchObject({ error: { kind: 'bad-response' } });
  expect(await list('groq', '<html>')).toMatchObject({ error: { kind: 'unavailable' } });
  const aborted = { ...options, signal: AbortSignal.abort() };
  expect(await listModels(settingsFor('groq'), aborted)).toMatchObject({ error: { kind: 'interrupted' } });
});

test('a model is tried with one small question', async () => {
  expect(await testModel(settingsFor('groq'), options)).toMatchObject({
    ok: true,
    value: { model: 'test-model' },
  });
  server.enqueue({ type: 'status', status: 404 });
  expect(await testModel(settingsFor('groq'), options)).toMatchObject({ error: { kind: 'unknown-model' } });
  expect(await testModel({ provider: 'offline' }, options)).toMatchObject({ value: { model: 'offline' } });
});
