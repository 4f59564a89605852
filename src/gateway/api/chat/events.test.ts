import { describe, expect, test } from 'vitest';
import { ask, askAsOwner } from '../../testing/ask.ts';
import { type ReadEvent, readEvents } from '../../testing/event-reader.ts';
import { type RunningGateway, runGateway } from '../../testing/running-gateway.ts';

const EVENTS = '/api/chat/events';

const send = (running: RunningGateway, thread_id: string, content: string) =>
  askAsOwner(running, '/api/chat/send', {
    method: 'POST',
    body: { thread_id, content, message_id: content },
  });

const kinds = (events: readonly ReadEvent[]) => events.map(({ event }) => event);
const said = (events: readonly ReadEvent[], kind: string) =>
  events.flatMap(({ event, data }) =>
    event === kind && data instanceof Object && 'content' in data ? [data.content] : [],
  );
/** What is in the journal, as thread and number. */
const places = (events: readonly ReadEvent[]) =>
  events.flatMap(({ data }) =>
    data instanceof Object && 'seq' in data && 'thread_id' in data ? [`${data.thread_id}:${data.seq}`] : [],
  );
const resumed = (id: string | undefined) => ({
  authorization: 'Bearer a-token-that-is-long-enough',
  'last-event-id': id ?? '',
});

describe('GET /api/chat/events', () => {
  test('tells of every thread, in the shapes of clients of this API', async () => {
    await using running = await runGateway();
    const reader = await readEvents(running, EVENTS);
    expect(reader.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect((await reader.next()).event).toBe('heartbeat');
    await send(running, 'a', 'Hello');
    const told = [...(await reader.upTo('turn_cost')), await reader.next()];
    expect(kinds(told)).toEqual([
      'user_message',
      'thread_state_changed',
      'thinking',
      'stream_chunk',
      'stream_chunk',
      'turn_metrics',
      'response',
      'turn_cost',
      'thread_state_changed',
    ]);
    expect(said(told, 'response')).toEqual(['You said: Hello']);
    expect(said(told, 'stream_chunk').join('')).toBe('You said: Hello');
    await send(running, 'b', 'Hi');
    expect((await reader.upTo('response')).at(-1)?.data).toMatchObject({ thread_id: 'b' });
    reader.close();
  });

  test('tells of one thread where asked for one', async () => {
    await using running = await runGateway();
    const reader = await readEvents(running, `${EVENTS}?thread_id=a`);
    await reader.upTo('heartbeat');
    await send(running, 'b', 'Not for you');
    await send(running, 'a', 'For you');
    const told = await reader.upTo('response');
    expect(said(told, 'user_message')).toEqual(['For you']);
    reader.close();
  });

  test('a question and its answer are told of, with whose words had a hand in it', async () => {
    await using running = await runGateway();
    const reader = await readEvents(running, EVENTS);
    await reader.upTo('heartbeat');
    await send(running, 'a', 'tool outside');
    const [question] = (await reader.upTo('approval_needed')).slice(-1);
    expect(question?.data).toMatchObject({
      tool_name: 'write_file',
      allow_always: true,
      origins: ['weather (api.weather.example)', 'the file notes.txt'],
    });
    reader.close();
  });

  test.each([
    ['of one thread', `${EVENTS}?thread_id=a`],
    ['of all threads', EVENTS],
  ])('what was missed %s comes after a restart, nothing twice', async (_, path) => {
    const first = await runGateway();
    const { assistant } = first;
    let reader = await readEvents(first, path);
    await reader.upTo('heartbeat');
    await send(first, 'a', 'one');
    const before = [...(await reader.upTo('turn_cost')), await reader.next()];
    const id = reader.lastId;
    await first.gateway.stop();
    await reader.ended;

    await using second = await runGateway({ assistant });
    await send(second, 'a', 'two');
    await send(second, 'b', 'three');
    reader = await readEvents(second, path, resumed(id));
    const after = [...(await reader.upTo('response'))];
    if (path === EVENTS) after.push(...(await reader.upTo('response')));
    expect(said(after, 'response').sort()).toEqual(
      path === EVENTS ? ['You said: three', 'You said: two'] : ['You said: two'],
    );
    expect(places(after).filter((place) => places(before).includes(place))).toEqual([]);
    reader.close();
  });

  test('what was missed also comes with `last_event_id`, long after', async () => {
    await using running = await runGateway();
    let reader = await readEvents(running, EVENTS);
    await reader.upTo('heartbeat');
    await send(running, 'a', 'one');
    await send(running, 'b', 'two');
    while (reader.lastId?.includes('b:4') !== true) await reader.next();
    const id = reader.lastId;
    reader.close();
    running.advance(3_600_000);
    await send(running, 'a', 'three');
    running.advance(3_600_000);
    await send(running, 'b', 'four');
    await send(running, 'c', 'five');
    reader = await readEvents(running, `${EVENTS}?last_event_id=${encodeURIComponent(id)}`);
    const told: ReadEvent[] = [];
    for (let replies = 0; replies < 3; replies++) told.push(...(await reader.upTo('response')));
    expect(said(told, 'user_message').sort()).toEqual(['five', 'four', 'three']);
    reader.close();
  });

  test('an id that is none begins now, and says that something may be missing', async () => {
    await using running = await runGateway();
    const reader = await readEvents(running, EVENTS, resumed('what is this'));
    expect((await reader.next()).data).toEqual({ type: 'missed', chunks: 0, threads: true });
    reader.close();
  });

  test('a reader that is slow gets every entry, and is told how many pieces it was not sent', async () => {
    await using running = await runGateway({ limits: { softBufferBytes: 64 * 1024 } });
    const reader = await readEvents(running, EVENTS);
    await reader.upTo('heartbeat');
    reader.pause();
    await send(running, 'a', 'wait');
    const text = 'x'.repeat(16 * 1024);
    for (let count = 0; count < 1_000; count++) {
      running.assistant.emitDelta('a', text);
      await new Promise(setImmediate);
    }
    await send(running, 'b', 'Hello');
    expect(running.unread()).toBeLessThan(1024 * 1024);
    reader.resume();
    const told = await reader.upTo('response');
    const missed = told.find(({ event }) => event === 'missed')?.data;
    expect(missed).toMatchObject({ type: 'missed', threads: false, chunks: expect.any(Number) });
    expect(said(told, 'user_message')).toEqual(['wait', 'Hello']);
    reader.close();
  });

  test('keeps the connection alive, and leaves nothing behind when the reader goes', async () => {
    await using running = await runGateway();
    const reader = await readEvents(running, EVENTS);
    await reader.upTo('heartbeat');
    await send(running, 'a', 'Hello');
    await reader.upTo('response');
    running.beat();
    await send(running, 'a', 'Again');
    await reader.upTo('response');
    expect(reader.comments).toEqual([': keep-alive']);
    expect(running.assistant.watchers('a')).toBe(1);
    reader.close();
    while (running.assistant.watchers('a') > 0) await new Promise(setImmediate);
  });

  test('is for those who are logged in, and for so many of them', async () => {
    await using running = await runGateway({ limits: { streams: 1 } });
    expect((await ask(running, EVENTS)).status).toBe(401);
    const reader = await readEvents(running, EVENTS);
    const refused = await askAsOwner(running, EVENTS);
    expect(refused).toMatchObject({ status: 503, json: { error: { code: 'busy' } } });
    reader.close();
  });

  test('a journal that cannot be read ends the stream', async () => {
    await using running = await runGateway();
    running.assistant.append('a', { type: 'input.refused', inboxId: '1', reason: 'no' });
    running.assistant.break(new Error('disk'));
    const reader = await readEvents(running, `${EVENTS}?thread_id=a`);
    await reader.ended;
    expect(running.logged).toContainEqual(expect.objectContaining({ message: 'a thread could not be read' }));
  });
});
