import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LiveEvent } from '../core/assistant.ts';
import type { GatewayClient } from './client.ts';
import { collector, fill, note, upTo } from './testing/journal.ts';
import { openRaw } from './testing/raw-socket.ts';
import { runGateway } from './testing/running-gateway.ts';
import { unsteadyNetwork } from './testing/unsteady-network.ts';

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

function watch(client: GatewayClient, conversationId: string, after = 0) {
  const seen = collector();
  const deltas: string[] = [];
  const opened = client.subscribe(conversationId, after, (event: LiveEvent) => {
    if (event.type === 'entry') seen.take(event.entry);
    else deltas.push(event.text);
  });
  return { ...seen, deltas, opened };
}

describe('a subscription', () => {
  test('replays what came after the cursor, answers, then follows', async () => {
    await using running = await runGateway();
    fill(running.assistant, 'c', 200);
    const raw = await openRaw(running);
    raw.send({ type: 'subscribe', requestId: '1', conversationId: 'c', after: 197 });
    const frames = [await raw.next(), await raw.next(), await raw.next(), await raw.next()];
    expect(frames.map((frame) => (frame.type === 'entry' ? frame.entry.seq : frame))).toEqual([
      198,
      199,
      200,
      { type: 'subscribed', requestId: '1', conversationId: 'c', cursor: 200 },
    ]);
    running.assistant.append('c', note('live'));
    expect(await raw.next()).toMatchObject({ type: 'entry', entry: { seq: 201, text: 'live' } });
  });

  test('misses nothing that happens while it reads', async () => {
    let reads = 0;
    await using running = await runGateway({
      memory: {
        async beforeRead() {
          if (++reads <= 5) fill(running.assistant, 'c', 40);
          await nextTurn();
          if (reads <= 5) fill(running.assistant, 'c', 40);
        },
      },
    });
    const seen = watch(await running.connect(), 'c');
    await seen.opened;
    await seen.until(400);
    expect(seen.seqs).toEqual(upTo(400));
  });

  test('misses nothing that happens between the last read and the answer', async () => {
    let late = 3;
    await using running = await runGateway({
      memory: {
        async afterRead() {
          if (late-- > 0) fill(running.assistant, 'c', 1);
        },
      },
    });
    const seen = watch(await running.connect(), 'c');
    expect((await seen.opened).cursor).toBe(3);
    expect(seen.seqs).toEqual([1, 2, 3]);
  });

  test('pushes what is being written only after the past', async () => {
    await using running = await runGateway({
      memory: { beforeRead: async () => running.assistant.emitDelta('c', 'early') },
    });
    fill(running.assistant, 'c', 1);
    const seen = watch(await running.connect(), 'c');
    await seen.opened;
    running.assistant.emitDelta('c', 'late');
    fill(running.assistant, 'c', 1);
    await seen.until(2);
    expect(seen.deltas).toEqual(['late']);
  });

  test('goes back to the journal when an announcement was lost', async () => {
    await using running = await runGateway();
    const seen = watch(await running.connect(), 'c');
    await seen.opened;
    const { assistant } = running;
    assistant.appendSilently('c', note('nobody was told'));
    fill(assistant, 'c', 1);
    await seen.until(2);
    expect(seen.seqs).toEqual([1, 2]);
  });

  test('of a client that is ahead of the journal goes on from the end of the journal', async () => {
    await using running = await runGateway();
    fill(running.assistant, 'c', 3);
    const seen = watch(await running.connect(), 'c', 100);
    expect((await seen.opened).cursor).toBe(3);
    fill(running.assistant, 'c', 2);
    await seen.until(5);
    expect(seen.seqs).toEqual([4, 5]);
  });

  test('ends when it is stopped, and can be opened again from anywhere', async () => {
    await using running = await runGateway();
    fill(running.assistant, 'c', 3);
    const client = await running.connect();
    const first = watch(client, 'c');
    (await first.opened).stop();
    const second = watch(client, 'c', 2);
    await second.opened;
    fill(running.assistant, 'c', 1);
    await second.until(4);
    expect([first.seqs, second.seqs]).toEqual([
      [1, 2, 3],
      [3, 4],
    ]);
  });

  test('that cannot be read is refused; one that breaks later comes back by itself', async () => {
    await using running = await runGateway();
    const client = await running.connect();
    const { assistant } = running;
    assistant.break(new Error('no journal'));
    await expect(client.subscribe('c', 0, () => {})).rejects.toMatchObject({ code: 'storage' });
    assistant.break(undefined);
    const seen = watch(client, 'c');
    await seen.opened;
    assistant.break(new Error('no journal'));
    assistant.appendSilently('c', note('lost announcement'));
    fill(assistant, 'c', 1);
    await nextTurn();
    assistant.break(undefined);
    await seen.until(2);
    expect(seen.seqs).toEqual([1, 2]);
  });
});

test('random reconnects, at any byte, lose and double neither entries nor messages', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 90 }) }),
    fc.record({ do: fc.constant('send' as const), count: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ do: fc.constant('cut' as const), count: fc.constant(0) }),
    fc.record({ do: fc.constant('cutAfter' as const), count: fc.integer({ min: 1, max: 20_000 }) }),
    fc.record({ do: fc.constant('wait' as const), count: fc.integer({ min: 1, max: 20 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 20 }), async (steps) => {
      await using running = await runGateway({ memory: { beforeRead: nextTurn, afterRead: nextTurn } });
      await using network = await unsteadyNetwork(running.port);
      const { assistant } = running;
      const client = await running.connect({ url: network.url });
      const seen = watch(client, 'c');
      const sent: Promise<unknown>[] = [seen.opened];
      let messages = 0;
      for (const { do: action, count } of steps) {
        if (action === 'append') fill(assistant, 'c', count);
        if (action === 'cut') network.cut();
        if (action === 'cutAfter') network.cutAfter(count);
        if (action === 'send')
          for (let n = 0; n < count; n++) sent.push(client.send('c', `message ${++messages}`));
        if (action === 'wait') for (let turn = 0; turn < count; turn++) await nextTurn();
      }
      await Promise.all(sent);
      const end = assistant.append('c', note('end')).seq;
      await seen.until(end);
      expect(seen.seqs).toEqual(upTo(end));
      const texts = assistant.inbox.map(({ input }) => (input.type === 'message' ? input.text : ''));
      expect(texts).toEqual(upTo(messages).map((n) => `message ${n}`));
    }),
    { numRuns: 60 },
  );
}, 120_000);

describe('a client that stops reading', () => {
  const limits = { softBufferBytes: 64 * 1024, hardBufferBytes: 512 * 1024 };
  const KILOBYTE = 'x'.repeat(1024);

  test('costs no more than the buffer, and gets everything from the journal when it reads again', async () => {
    await using running = await runGateway({ limits });
    const raw = await openRaw(running);
    raw.send({ type: 'subscribe', requestId: '1', conversationId: 'c', after: 0 });
    await raw.next();
    raw.socket.pause();
    // Far more than the operating system buffers on its own.
    const count = 20_000;
    let most = 0;
    for (let done = 0; done < count; done += 100) {
      fill(running.assistant, 'c', 100, KILOBYTE);
      for (let n = 0; n < 20; n++) running.assistant.emitDelta('c', KILOBYTE);
      await nextTurn();
      most = Math.max(most, running.unread());
    }
    expect(most).toBeGreaterThan(limits.softBufferBytes);
    expect(most).toBeLessThan(limits.hardBufferBytes);
    raw.socket.resume();
    const seqs: number[] = [];
    while (seqs.length < count) {
      const frame = await raw.next();
      if (frame.type === 'entry') seqs.push(frame.entry.seq);
    }
    expect(seqs).toEqual(upTo(count));
  });

  test('costs no more than the buffer, however large the entries, and however fast the answer is written', async () => {
    await using running = await runGateway({ limits });
    const raw = await openRaw(running);
    raw.send({ type: 'subscribe', requestId: '1', conversationId: 'c', after: 0 });
    await raw.next();
    raw.socket.pause();
    let most = 0;
    for (let turn = 0; turn < 200; turn++) {
      for (let n = 0; n < 100; n++) running.assistant.emitDelta('c', KILOBYTE);
      await nextTurn();
      most = Math.max(most, running.unread());
    }
    fill(running.assistant, 'c', 300, KILOBYTE.repeat(50));
    for (let turn = 0; turn < 500; turn++) {
      await nextTurn();
      most = Math.max(most, running.unread());
    }
    expect(most).toBeGreaterThan(limits.softBufferBytes);
    expect(most).toBeLessThan(limits.hardBufferBytes);
    raw.socket.resume();
    const seqs: number[] = [];
    while (seqs.length < 300) {
      const frame = await raw.next();
      if (frame.type === 'entry') seqs.push(frame.entry.seq);
    }
    expect(seqs).toEqual(upTo(300));
  });

  test('is closed as too slow when it took nothing for a minute', async () => {
    await using running = await runGateway({ limits });
    const raw = await openRaw(running);
    fill(running.assistant, 'c', 20_000, KILOBYTE);
    raw.send({ type: 'subscribe', requestId: '1', conversationId: 'c', after: 0 });
    await raw.next();
    raw.socket.pause();
    while (running.unread() === 0 || running.assistant.watchers('c') === 0) await nextTurn();
    running.advance(59_999);
    running.beat();
    expect(running.logged).not.toContainEqual(
      expect.objectContaining({ message: 'a client read too slowly' }),
    );
    running.advance(1);
    running.beat();
    expect(running.logged).toContainEqual(expect.objectContaining({ message: 'a client read too slowly' }));
    raw.socket.resume();
    expect(await raw.closed).toBe(1013);
    expect(running.assistant.watchers('c')).toBe(0);
  });

  test('is closed as too slow when it goes on asking', async () => {
    await using running = await runGateway({ limits });
    const raw = await openRaw(running);
    raw.socket.pause();
    const closed = once(raw.socket, 'close');
    const flood = Array.from({ length: 1_000 }, () => `${'['.repeat(10)}`);
    while (!running.logged.some(({ message }) => message === 'a client read too slowly')) {
      for (const frame of flood) raw.socket.send(frame);
      await nextTurn();
    }
    raw.socket.resume();
    expect((await closed)[0]).toBe(1013);
  });

  test('does not keep others from being served', async () => {
    await using running = await runGateway({ limits });
    const [slow, quick] = [await openRaw(running), await running.connect()];
    fill(running.assistant, 'c', 20_000, KILOBYTE);
    slow.send({ type: 'subscribe', requestId: '1', conversationId: 'c', after: 0 });
    slow.socket.pause();
    const seen = watch(quick, 'c', 19_000);
    await seen.until(20_000);
    expect(seen.seqs).toHaveLength(1_000);
    slow.socket.terminate();
  });
});
