import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createJobQueue, type Work } from './job-queue.ts';
import type { Job } from './messages.ts';

const commit = (id: number): Job => ({ type: 'commit', id, unit: [{ sql: 'select', params: [] }] });
const query = (id: number, transaction?: number): Job => ({
  type: 'query',
  id,
  statement: { sql: 'select', params: [] },
  ...(transaction === undefined ? {} : { transaction }),
});
const begin = (id: number): Job => ({ type: 'begin', id });

const idsOf = (work: Work | undefined): readonly number[] | undefined =>
  work?.type === 'group' ? work.jobs.map(({ id }) => id) : work && [work.id];

test('units that wait are taken together, past queries between them', () => {
  const queue = createJobQueue();
  queue.add([commit(1), query(2), commit(3)]);
  expect(idsOf(queue.next(undefined))).toEqual([1, 3]);
  expect(idsOf(queue.next(undefined))).toEqual([2]);
  expect(queue.next(undefined)).toBeUndefined();
});

test('units do not overtake a transaction that came first', () => {
  const queue = createJobQueue();
  queue.add([commit(1), begin(2), commit(3)]);
  expect(idsOf(queue.next(undefined))).toEqual([1]);
  expect(idsOf(queue.next(undefined))).toEqual([2]);
});

test('while a transaction is open only its own jobs are taken', () => {
  const queue = createJobQueue();
  queue.add([commit(1), query(2), query(3, 9)]);
  expect(idsOf(queue.next(9))).toEqual([3]);
  expect(queue.next(9)).toBeUndefined();
  expect(idsOf(queue.next(undefined))).toEqual([1]);
});

test('a group has no more than 64 units', () => {
  const queue = createJobQueue();
  queue.add(Array.from({ length: 100 }, (_, id) => commit(id)));
  expect(idsOf(queue.next(undefined))).toHaveLength(64);
  expect(idsOf(queue.next(undefined))).toHaveLength(36);
  expect(queue.isEmpty()).toBe(true);
});

test('every job is taken exactly once, and those of a kind in their order', () => {
  const kinds = fc.array(fc.constantFrom('commit', 'query', 'begin'), { maxLength: 200 });
  fc.assert(
    fc.property(kinds, (types) => {
      const queue = createJobQueue();
      const make = { commit, query: (id: number) => query(id), begin };
      const jobs = types.map((type, id) => make[type](id));
      queue.add(jobs);
      const taken: Job[] = [];
      for (let work = queue.next(undefined); work; work = queue.next(undefined))
        taken.push(...(work.type === 'group' ? work.jobs : [work]));
      expect(taken.toSorted((a, b) => a.id - b.id)).toEqual(jobs);
      for (const type of ['commit', 'query', 'begin']) {
        const ids = taken.filter((job) => job.type === type).map(({ id }) => id);
        expect(ids).toEqual(ids.toSorted((a, b) => a - b));
      }
    }),
  );
});
