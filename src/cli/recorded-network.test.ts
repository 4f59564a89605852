import { expect, test } from 'vitest';
import type { HttpExchange } from '../llm/index.ts';
import { recordedNetwork } from './recorded-network.ts';

const exchange = (url: string, status: number, body: string): HttpExchange => ({
  request: { method: 'GET', url, headers: [] },
  response: {
    status,
    headers: [
      ['content-type', 'application/json'],
      ['Content-Encoding', 'gzip'],
    ],
    body,
  },
});

function ask(
  network: ReturnType<typeof recordedNetwork>,
  url: string,
  method = 'GET',
  maxResponseBytes = 100,
) {
  const signal = new AbortController().signal;
  const request = { method, url, headers: [], body: undefined };
  return network.transport.send(request, {
    addresses: ['1.1.1.1'],
    maxResponseBytes,
    timeoutMs: 1_000,
    signal,
  });
}

const textOf = (body: Uint8Array): string => new TextDecoder().decode(body);

test('requests get the recorded responses in order', async () => {
  const network = recordedNetwork([
    exchange('https://a.example/', 200, '{"a":1}'),
    exchange('https://b.example/', 404, 'x'),
  ]);
  const first = await ask(network, 'https://a.example/');
  expect(first).toMatchObject({ ok: true, value: { status: 200 } });
  expect(first.ok && textOf(first.value.body)).toBe('{"a":1}');
  expect(network.remaining()).toBe(1);
  expect(await ask(network, 'https://b.example/')).toMatchObject({ value: { status: 404 } });
  expect(network.warnings()).toEqual([]);
});

test('headers that described the transport are left out, since the body is plain text by now', async () => {
  const response = await ask(
    recordedNetwork([exchange('https://a.example/', 200, 'plain')]),
    'https://a.example/',
  );
  expect(response).toMatchObject({ value: { headers: [['content-type', 'application/json']] } });
});

test('another request than the recorded one is answered with a warning, which shows no query', async () => {
  const network = recordedNetwork([exchange('https://a.example/', 200, 'ok')]);
  await ask(network, 'https://other.example/?key=secret', 'POST');
  expect(network.warnings()).toEqual([
    'asked for POST https://other.example/ where the recording has GET https://a.example/',
  ]);
});

test('a response that is larger than allowed is a failure', async () => {
  const network = recordedNetwork([exchange('https://a.example/', 200, 'x'.repeat(101))]);
  expect(await ask(network, 'https://a.example/')).toMatchObject({ error: { rule: 'too-large' } });
});

test('a request beyond the recording, or without any, is a failure', async () => {
  const network = recordedNetwork([exchange('https://a.example/', 200, 'ok')]);
  await ask(network, 'https://a.example/');
  expect(await ask(network, 'https://a.example/')).toMatchObject({
    error: {
      message: expect.stringContaining('all 1 recorded HTTP exchanges are used up'),
      requestSent: false,
    },
  });
  expect(await ask(recordedNetwork([]), 'https://a.example/')).toMatchObject({
    error: { message: expect.stringContaining('holds no HTTP exchanges') },
  });
});
