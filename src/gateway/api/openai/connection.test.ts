import { expect, test } from 'vitest';
import { ask, askAsOwner } from '../../testing/ask.ts';
import { type RunningGateway, runGateway, TOKEN } from '../../testing/running-gateway.ts';

const say = (content: string, more: object = {}) => ({
  method: 'POST',
  body: { model: 'ironbark', messages: [{ role: 'user', content }], ...more },
});

const turnBegan = ({ assistant }: RunningGateway, id: string): Promise<void> =>
  new Promise((resolve) => {
    assistant.watch(id, (event) => event.type === 'entry' && resolve());
  });

const chat = (running: RunningGateway, content: string, more: object = {}) =>
  askAsOwner(running, '/v1/chat/completions', say(content, more));

test.each([false, true])('a gateway that stops leaves the turn alone (streaming: %s)', async (stream) => {
  const running = await runGateway();
  const began = turnBegan(running, 'talk');
  const { method, body } = say('wait', { user: 'talk', stream });
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  const asked = { method, headers, body: JSON.stringify(body) };
  const answer = fetch(`${running.url}/v1/chat/completions`, asked)
    .then((response) => response.text())
    .catch(() => 'cut off');
  await began;
  await running[Symbol.asyncDispose]();
  await answer;
  expect(running.assistant.inbox.map(({ input }) => input.type)).toEqual(['message']);
});

test('requests beyond those that may wait are refused, and nothing of them is taken in', async () => {
  await using running = await runGateway({ limits: { requestsInFlight: 1, streams: 0 } });
  const began = turnBegan(running, 'talk');
  const first = chat(running, 'wait', { user: 'talk' });
  await began;
  const second = await chat(running, 'hello');
  expect(second).toMatchObject({ status: 429, json: { error: { type: 'rate_limit_error' } } });
  expect(second.headers['retry-after']).toBe('1');
  const stop = { type: 'interrupt' } as const;
  await running.assistant.accept({ channel: 'web', externalId: 'x', conversationId: 'talk', input: stop });
  expect((await first).status).toBe(200);
  expect(await chat(running, 'hello', { stream: true })).toMatchObject({ status: 503 });
  expect(running.assistant.inbox).toHaveLength(2);
});

test('a page of another site may not talk to the assistant', async () => {
  await using running = await runGateway();
  const headers = { authorization: `Bearer ${TOKEN}`, origin: 'https://evil.example' };
  const answer = await ask(running, '/v1/chat/completions', { ...say('hello'), headers });
  expect(answer).toMatchObject({ status: 403, json: { error: { type: 'permission_error' } } });
});

test('a model is found by its name, whether the slash in it is escaped or not', async () => {
  await using running = await runGateway();
  const listed = JSON.stringify((await askAsOwner(running, '/v1/models')).json);
  const id = /"id":"([^"]+\/[^"]+)"/.exec(listed)?.[1] ?? '';
  for (const name of [id, encodeURIComponent(id)])
    expect((await askAsOwner(running, `/v1/models/${name}`)).json).toMatchObject({ id });
});
