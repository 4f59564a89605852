import { expect, test } from 'vitest';
import type { LogDesk, LogEntry } from '../../core/logs.ts';
import { ask, askAsOwner } from '../testing/ask.ts';
import { runGateway } from '../testing/running-gateway.ts';

/** Areas over a gateway whose assistant keeps nothing; over a whole one they are tested beside `src/cli`. */

test.each([
  '/api/settings',
  '/api/settings/log.level',
  '/api/profile',
  '/api/extensions',
  '/api/extensions/one',
  '/api/logs',
  '/api/logs/events',
  '/api/logs/level',
])('%s says so where the assistant is a part of another program', async (path) => {
  await using running = await runGateway();
  const { status, json } = await askAsOwner(running, path);
  expect([status, json]).toMatchObject([501, { error: { code: 'not-supported' } }]);
});

test.each([
  '/api/gateway/status',
  '/api/usage',
  '/api/audit',
  '/api/audit/verify',
  '/api/approvals',
  '/api/secrets',
  '/api/llm/status',
  '/api/llm/providers',
  '/api/settings/tools',
  '/api/tools',
  '/api/tokens',
  '/api/jobs',
  '/api/jobs/summary',
  '/api/routines',
  '/api/routines/summary',
  '/api/upkeep/tools',
  '/api/skills',
  '/api/pairing/web',
  '/api/extensions/registry',
  '/api/extensions/tools',
])('%s answers as its schema says', async (path) => {
  await using running = await runGateway();
  expect((await askAsOwner(running, path)).status).toBe(200);
});

test('what is not known to be broken is not repaired', async () => {
  await using running = await runGateway();
  const { status, json } = await askAsOwner(running, '/api/upkeep/tools/weather/repair', {
    method: 'POST',
    body: {},
  });
  expect([status, json]).toMatchObject([
    404,
    { error: { message: 'Nothing is known of a tool "weather".' } },
  ]);
});

test('a token that has expired opens nothing, and counts as a failed login', async () => {
  await using running = await runGateway();
  const body = { name: 'short', expires_in_days: 1 };
  const { json } = await askAsOwner(running, '/api/tokens', { method: 'POST', body });
  const withIt = () =>
    ask(running, '/api/session', { headers: { authorization: `Bearer ${Object(json).token}` } });
  expect((await withIt()).status).toBe(204);
  running.advance(86_400_000);
  const answers = await Promise.all(Array.from({ length: 11 }, withIt));
  expect(answers.map(({ status }) => status)).toEqual([...Array(10).fill(401), 429]);
});

test('a WebSocket that was opened with a token ends when that is taken back', async () => {
  await using running = await runGateway();
  const { json } = await askAsOwner(running, '/api/tokens', { method: 'POST', body: { name: 'bot' } });
  const { token, id } = Object(json);
  const states: string[] = [];
  const closed = Promise.withResolvers<void>();
  await running.connect({
    token,
    onState(state) {
      states.push(state);
      if (state !== 'connected') closed.resolve();
    },
  });
  await askAsOwner(running, `/api/tokens/${id}`, { method: 'DELETE' });
  await closed.promise;
  expect(states).not.toEqual([]);
});

test('a reader of the log is told of lines that are gone, and only of those that it wants', async () => {
  const entry = (number: number, level: LogEntry['level']): LogEntry => ({
    process: 'p',
    number,
    at: '2030-01-01T00:00:00.000Z',
    level,
    target: 'gateway',
    message: `line ${number}`,
    fields: { key: 'session/talk' },
  });
  const logs: LogDesk = {
    lines: () => [entry(8, 'info'), entry(9, 'warn'), entry(10, 'warn')],
    watch: () => () => {},
    level: () => 'info',
    setLevel: () => {},
  };
  await using running = await runGateway({ logs });
  const { json } = await askAsOwner(running, '/api/logs?level=warn&limit=1');
  expect(json).toMatchObject({ lines: [{ id: 'p:10', message: 'line 10', thread_id: 'talk' }] });

  const headers = { authorization: `Bearer a-token-that-is-long-enough`, 'last-event-id': 'p:5' };
  const stop = new AbortController();
  const response = await fetch(`${running.url}/api/logs/events?level=warn`, { headers, signal: stop.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('line 10')) text += (await reader?.read())?.value ?? '';
  stop.abort();
  expect(text).toContain('event: missed\ndata: {"count":2}');
  expect(text).not.toContain('line 8');
  expect(text).toContain('id: p:9\nevent: log\n');
});
