import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { picked, type Slots, type Waiting } from './pick.ts';

const waiting: fc.Arbitrary<readonly Waiting[]> = fc
  .array(
    fc.record({
      userId: fc.constantFrom('ann', 'bob', 'cid'),
      rank: fc.integer({ min: 0, max: 3 }),
      depth: fc.integer({ min: 0, max: 3 }),
    }),
    { maxLength: 30 },
  )
  .map((jobs) => jobs.map((job, place) => ({ ...job, id: `job-${String(place).padStart(3, '0')}` })));

const slots: fc.Arbitrary<Slots> = fc.record({
  max: fc.integer({ min: 0, max: 8 }),
  maxPerUser: fc.integer({ min: 1, max: 8 }),
  taken: fc
    .dictionary(fc.constantFrom('ann', 'bob', 'cid'), fc.integer({ min: 0, max: 4 }))
    .map((taken) => new Map(Object.entries(taken))),
});

const countOf = (jobs: readonly Waiting[], userId: string): number =>
  jobs.filter((job) => job.userId === userId).length;
const sum = (taken: Slots['taken']): number => [...taken.values()].reduce((a, b) => a + b, 0);

describe('which jobs begin', () => {
  test('never more than there are slots, of all and of one user, and no slot stays free that could be used', () => {
    fc.assert(
      fc.property(waiting, slots, (jobs, free) => {
        const chosen = picked(jobs, free);
        expect(new Set(chosen).size).toBe(chosen.length);
        expect(chosen.length).toBeLessThanOrEqual(Math.max(0, free.max - sum(free.taken)));
        const users = ['ann', 'bob', 'cid'];
        const held = (user: string) => (free.taken.get(user) ?? 0) + countOf(chosen, user);
        for (const user of users) {
          if (countOf(chosen, user) > 0) expect(held(user)).toBeLessThanOrEqual(free.maxPerUser);
        }
        const left = jobs.filter((job) => !chosen.includes(job));
        const isFull = chosen.length >= free.max - sum(free.taken);
        expect(isFull || left.every(({ userId }) => held(userId) >= free.maxPerUser)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('nobody waits behind a less urgent job of a user who may begin', () => {
    fc.assert(
      fc.property(waiting, slots, (jobs, free) => {
        const roomy = { ...free, maxPerUser: 1_000 };
        const chosen = picked(jobs, roomy);
        const left = jobs.filter((job) => !chosen.includes(job));
        for (const job of left) for (const other of chosen) expect(other.rank).toBeLessThanOrEqual(job.rank);
      }),
      { numRuns: 1_000 },
    );
  });

  test('users with jobs of one kind get slots in turn', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), (ann, bob) => {
        const jobs = Array.from({ length: ann + bob }, (_, place) => {
          const userId = place < ann ? 'ann' : 'bob';
          return { id: `job-${String(place).padStart(3, '0')}`, userId, rank: 1, depth: 0 };
        });
        const max = Math.min(ann, bob) * 2;
        const chosen = picked(jobs, { max, maxPerUser: max, taken: new Map() });
        expect(countOf(chosen, 'ann')).toBe(countOf(chosen, 'bob'));
      }),
    );
  });

  test('parts of other jobs come before whole ones, and the oldest of those first', () => {
    const job = (id: string, depth: number): Waiting => ({ id, userId: 'ann', rank: 1, depth });
    const jobs = [job('1', 0), job('2', 1), job('3', 1), job('4', 0)];
    const order = picked(jobs, { max: 4, maxPerUser: 4, taken: new Map() });
    expect(order.map(({ id }) => id)).toEqual(['2', '3', '1', '4']);
  });
});
