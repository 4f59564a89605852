import { expect, test } from 'vitest';
import type { ServerFrame } from '../core/wire.ts';
import type { AskGateway, Question } from './resilient-link.ts';
import { note } from './testing/journal.ts';
import { createWatches } from './watches.ts';

const entry = (seq: number): ServerFrame => ({
  type: 'entry',
  conversationId: 'c',
  entry: { ...note(''), seq, at: '2030-01-01T00:00:00.000Z' },
});

/** Asks nobody: keeps the questions, which the test looks at as if they were sent now. */
function unanswered() {
  const questions: (() => Question)[] = [];
  const request: AskGateway = (_expected, question) => {
    questions.push(typeof question === 'function' ? question : () => question);
    return new Promise(() => {});
  };
  return { request, sentNow: () => questions.map((question) => question()) };
}

test('entries that were seen, or come before their turn, are not handed over', () => {
  const seen: number[] = [];
  const watches = createWatches(unanswered().request);
  void watches.open('c', 2, (event) => event.type === 'entry' && seen.push(event.entry.seq));
  for (const seq of [1, 2, 3, 3, 9, 4, 2, 5]) watches.onFrame(entry(seq));
  expect(seen).toEqual([3, 4, 5]);
});

test('a request that is sent again asks for what is still missing', () => {
  const { request, sentNow } = unanswered();
  const watches = createWatches(request);
  void watches.open('c', 0, () => {});
  watches.onFrame(entry(1));
  watches.onFrame(entry(2));
  expect(sentNow()).toEqual([{ type: 'subscribe', conversationId: 'c', after: 2 }]);
});

test('a request that still waits is not made a second time', async () => {
  const { request, sentNow } = unanswered();
  const watches = createWatches(request);
  void watches.open('c', 0, () => {});
  await watches.renew();
  expect(sentNow()).toHaveLength(1);
});
