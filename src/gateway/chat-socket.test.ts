import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { ChatSocketFrame } from '../core/api/chat-socket.ts';
import { type RunningGateway, runGateway, TOKEN } from './testing/running-gateway.ts';

interface ChatClient {
  readonly socket: WebSocket;
  send(frame: object | string): void;
  /** The next frame of this kind, or event of this type; those before it are dropped. */
  take(kind: string): Promise<ChatSocketFrame>;
}

async function open({ url }: Pick<RunningGateway, 'url'>, query = ''): Promise<ChatClient> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/chat/ws${query}`, { headers });
  const frames: ChatSocketFrame[] = [];
  let wake = () => {};
  socket.on('message', (data) => {
    frames.push(JSON.parse(String(data)));
    wake();
  });
  await once(socket, 'open');
  const next = async (): Promise<ChatSocketFrame> => {
    const frame = frames.shift();
    if (frame !== undefined) return frame;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
    return next();
  };
  const take = async (kind: string): Promise<ChatSocketFrame> => {
    const frame = await next();
    const isIt = frame.type === kind || (frame.type === 'event' && frame.event_type === kind);
    return isIt ? frame : take(kind);
  };
  return {
    socket,
    take,
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
  };
}

describe('/api/chat/ws', () => {
  test('takes messages and tells what happens', async () => {
    await using running = await runGateway();
    const client = await open(running);
    await client.take('heartbeat');
    client.send({ type: 'message', content: 'Hello', thread_id: 'a', message_id: 'm', ref: '1' });
    expect(await client.take('accepted')).toEqual({
      type: 'accepted',
      message_id: 'm',
      thread_id: 'a',
      ref: '1',
    });
    client.send({ type: 'message', content: 'tool', thread_id: 'a' });
    const question = await client.take('approval_needed');
    const data = question.type === 'event' ? question.data : {};
    const request_id = data instanceof Object && 'request_id' in data ? data.request_id : '';
    client.send({ type: 'approval', request_id, action: 'deny' });
    expect(await client.take('gate_resolved')).toMatchObject({ data: { resolution: 'denied' } });
    client.send({ type: 'approval', request_id, action: 'approve' });
    expect(await client.take('error')).toMatchObject({
      code: 'stale',
      message: expect.stringContaining('denied'),
    });
  });

  test('brings what was missed, also after a restart', async () => {
    const first = await runGateway();
    const before = await open(first);
    await before.take('heartbeat');
    before.send({ type: 'message', content: 'one', thread_id: 'a', message_id: '1' });
    await before.take('turn_cost');
    const last = await before.take('thread_state_changed');
    await first.gateway.stop();
    const { assistant } = first;
    await using second = await runGateway({ assistant });
    const during = await open(second);
    during.send({ type: 'message', content: 'two', thread_id: 'a', message_id: '2' });
    await during.take('turn_cost');
    const id = last.type === 'event' ? (last.id ?? '') : '';
    const after = await open(second, `?last_event_id=${encodeURIComponent(id)}`);
    expect(await after.take('user_message')).toMatchObject({ data: { content: 'two', thread_id: 'a' } });
  });

  test.each([
    ['{', 'one JSON object'],
    ['{"type":"dance"}', 'type'],
    ['{"type":"message"}', 'content: is missing'],
    ['{"type":"auth_token","token":"x"}', '/api/secrets'],
  ])('answers %s with what is wrong, and goes on', async (frame, reason) => {
    await using running = await runGateway();
    const client = await open(running);
    client.send(frame);
    expect(await client.take('error')).toMatchObject({ message: expect.stringContaining(reason) });
    client.send(Buffer.from([1, 2, 3]));
    expect(await client.take('error')).toMatchObject({ code: 'invalid' });
    client.send({ type: 'ping', ref: 'x' });
    expect(await client.take('pong')).toEqual({ type: 'pong', ref: 'x' });
  });

  test('takes so many messages in a minute, together with those over HTTP', async () => {
    await using running = await runGateway({ limits: { chatPerMinute: 1 } });
    const client = await open(running);
    client.send({ type: 'message', content: 'one' });
    await client.take('accepted');
    client.send({ type: 'message', content: 'two' });
    expect(await client.take('error')).toMatchObject({ code: 'too-many-requests' });
  });

  test('is closed for those who are not logged in, and for browsers of other pages', async () => {
    await using running = await runGateway();
    const status = (headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve) => {
        const socket = new WebSocket(`${running.url.replace('http', 'ws')}/api/chat/ws`, { headers });
        socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
        socket.on('open', () => resolve(101));
        socket.on('error', () => {});
      });
    const link = running.gateway.loginLink();
    const answer = await fetch(link, { redirect: 'manual' });
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(await status({})).toBe(401);
    expect(await status({ cookie })).toBe(403);
    expect(await status({ cookie, origin: 'http://evil.example' })).toBe(403);
    expect(await status({ cookie, origin: running.url })).toBe(101);
  });

  test('lets go of everything when the client goes or the gateway stops', async () => {
    const running = await runGateway();
    const client = await open(running, '?thread_id=a');
    await client.take('heartbeat');
    expect(running.assistant.watchers('a')).toBe(1);
    const closed = once(client.socket, 'close');
    await running.gateway.stop();
    expect((await closed)[0]).toBe(1001);
    expect(running.assistant.watchers('a')).toBe(0);
  });
});
