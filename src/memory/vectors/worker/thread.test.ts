import { expect, test } from 'vitest';
import { createVectorThread } from './thread.ts';

function openThread(idleMs = 60_000) {
  const ended = Promise.withResolvers<void>();
  return { thread: createVectorThread({ idleMs, onEnded: ended.resolve }), ended: ended.promise };
}

const add = (space: number) =>
  ({ type: 'add', space, dimensions: 2, ids: [7], vectors: Int8Array.of(3, 4) }) as const;
const nearest = (space: number) => ({ type: 'nearest', space, query: Int8Array.of(6, 8), limit: 1 }) as const;

test('vectors of different models lie apart', async () => {
  const { thread } = openThread();
  await thread.ask(add(1));
  expect(await thread.ask(nearest(1))).toEqual({ type: 'found', found: { ids: [7], similarities: [1] } });
  await expect(thread.ask(nearest(2))).rejects.toThrow('not loaded');
  expect(await thread.ask({ type: 'drop', space: 1 })).toEqual({ type: 'done', size: 0 });
  await expect(thread.ask(nearest(1))).rejects.toThrow('not loaded');
  await thread.stop();
});

test('a thread that nobody needs ends by itself, and the next request has another', async () => {
  const { thread, ended } = openThread(1);
  const first = thread.generation();
  await thread.ask(add(1));
  await ended;
  expect(thread.generation()).toBe(first + 1);
  await expect(thread.ask(nearest(1))).rejects.toThrow('not loaded');
  await thread.stop();
});

test('whoever waits for a thread that ends is told', async () => {
  const { thread } = openThread();
  const waiting = thread.ask({ type: 'embed', texts: ['Hello.'] });
  const told = expect(waiting).rejects.toThrow('was ended');
  await thread.stop();
  await told;
});
