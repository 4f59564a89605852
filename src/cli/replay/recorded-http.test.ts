import { expect, test } from 'vitest';
import type { HttpExchange } from '../../llm/index.ts';
import { recordedHttp } from './recorded-http.ts';

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

test('requests get the recorded responses in order', async () => {
  const http = recordedHttp([
    exchange('https://a.example/', 200, '{"a":1}'),
    exchange('https://b.example/', 404, 'x'),
  ]);
  const first = await http.fetch('https://a.example/');
  expect(first.status).toBe(200);
  expect(first.headers.get('content-type')).toBe('application/json');
  expect(await first.json()).toEqual({ a: 1 });
  expect(http.remaining()).toBe(1);
  expect((await http.fetch(new URL('https://b.example/'))).status).toBe(404);
  expect(http.warnings()).toEqual([]);
});

test('headers that described the transport are left out, since the body is plain text by now', async () => {
  const response = await recordedHttp([exchange('https://a.example/', 200, 'plain')]).fetch(
    'https://a.example/',
  );
  expect(response.headers.has('content-encoding')).toBe(false);
});

test('a status that has no body gets none', async () => {
  const response = await recordedHttp([exchange('https://a.example/', 204, '')]).fetch('https://a.example/');
  expect(response.body).toBeNull();
});

test('another request than the recorded one is answered with a warning', async () => {
  const http = recordedHttp([exchange('https://a.example/', 200, 'ok')]);
  await http.fetch('https://other.example/', { method: 'POST' });
  expect(http.warnings()).toEqual([
    'asked for POST https://other.example/ where the recording has GET https://a.example/',
  ]);
});

test('a request beyond the recording, or without any, is an error', async () => {
  const http = recordedHttp([exchange('https://a.example/', 200, 'ok')]);
  await http.fetch('https://a.example/');
  await expect(http.fetch('https://a.example/')).rejects.toThrow(
    'all 1 HTTP exchanges of the trace are used up',
  );
  await expect(recordedHttp([]).fetch('https://a.example/')).rejects.toThrow('holds no HTTP exchanges');
});
