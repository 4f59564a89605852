import { describe, expect, test } from 'vitest';
import { openBench } from '../../../../actors/testing/bench.ts';
import { systemClock } from '../../../core/clock.ts';
import { ulids } from '../../../core/ids.ts';
import { askAsOwner } from '../../testing/ask.ts';
import { readEvents } from '../../testing/event-reader.ts';
import { type RunningGateway, runGateway, TOKEN } from '../../testing/running-gateway.ts';

const send = (running: RunningGateway, body: object) =>
  askAsOwner(running, '/api/chat/send', { method: 'POST', body });

describe('the chat API before a whole tree', () => {
  test('goes on where a reader left off, after the process began anew', async () => {
    await using bench = await openBench({ script: ({ messages }) => `answer ${messages.length}` });
    const open = () => runGateway({ assistant: bench.assistant, clock: systemClock, ids: ulids() });
    const first = await open();
    let reader = await readEvents(first, '/api/chat/events');
    await reader.upTo('heartbeat');
    await send(first, { content: 'one', thread_id: 'a' });
    await reader.upTo('turn_cost');
    await reader.upTo('thread_state_changed');
    const id = reader.lastId ?? '';
    await first.gateway.stop();
    await bench.restart();

    await using second = await open();
    await send(second, { content: 'two', thread_id: 'a' });
    await send(second, { content: 'three', thread_id: 'b' });
    reader = await readEvents(second, '/api/chat/events', {
      authorization: `Bearer ${TOKEN}`,
      'last-event-id': id,
    });
    const told = [...(await reader.upTo('response')), ...(await reader.upTo('response'))];
    const said = told.flatMap(({ event, data }) =>
      event === 'user_message' && data instanceof Object && 'content' in data ? [data.content] : [],
    );
    expect(said.sort()).toEqual(['three', 'two']);
    reader.close();
  });

  test('lists, renames and leaves out what was taken back', async () => {
    await using bench = await openBench({ script: () => 'Well.' });
    await using running = await runGateway({ assistant: bench.assistant, clock: systemClock, ids: ulids() });
    const reader = await readEvents(running, '/api/chat/events');
    await reader.upTo('heartbeat');
    for (const content of ['About trees', 'About birds', '/undo']) {
      await send(running, { content, thread_id: 'a' });
      await reader.upTo('turn_cost');
    }
    const path = '/api/chat/thread/a';
    expect((await askAsOwner(running, path, { method: 'PATCH', body: { title: 'Woods' } })).status).toBe(200);
    const other = '/api/chat/thread/none';
    expect((await askAsOwner(running, other, { method: 'PATCH', body: { title: 'x' } })).status).toBe(404);
    const threads = await askAsOwner(running, '/api/chat/threads?search=woods');
    expect(threads.json).toMatchObject({
      threads: [{ id: 'a', title: 'Woods', state: 'idle', created_at: expect.stringMatching(/^20.*Z$/) }],
    });
    const history = await askAsOwner(running, '/api/chat/history?thread_id=a');
    expect(history.json).toMatchObject({ turns: [{ user_input: 'About trees' }, { user_input: '/undo' }] });
    reader.close();
  });
});
