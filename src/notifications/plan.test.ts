import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NotificationKind } from '../core/notifications.ts';
import { compose } from './compose.ts';
import { type Places, planTellings } from './plan.ts';
import type { NotifyPolicy } from './policy.ts';
import type { Waiting } from './waiting.ts';

const NOON = Date.parse('2026-11-22T12:00:00Z');
const DAY_MS = 86_400_000;

const kind = fc.constantFrom<NotificationKind>(
  'job.completed',
  'job.asks',
  'routine.ok',
  'heartbeat.attention',
);
const channel = fc.constantFrom('web', 'api');

const waiting: fc.Arbitrary<readonly Waiting[]> = fc
  .array(
    fc.record({
      kind,
      conversationId: fc.constantFrom('web-1', 'api-1', 'gone', null),
      at: fc.integer({ min: NOON - 2 * DAY_MS, max: NOON + DAY_MS }),
      text: fc.constantFrom('a', 'b', 'c'),
      from: fc.constantFrom('x', 'y'),
    }),
    { maxLength: 30 },
  )
  .map((rows) => rows.map((row, id) => ({ ...row, id, key: `k${id}`, origins: [`page ${id % 3}`] })));

const policy: fc.Arbitrary<NotifyPolicy> = fc.record({
  rules: fc.array(
    fc
      .record({
        kind: fc.constantFrom('job.*', 'routine.ok', '*'),
        how: fc.constantFrom('urgent' as const, 'now' as const, 'digest' as const, 'off' as const),
        to: fc.option(channel, { nil: undefined }),
        channel: fc.option(channel, { nil: undefined }),
      })
      .map(({ to, channel: on, ...rule }) => ({ ...rule, ...(to && { to }), ...(on && { channel: on }) })),
    { maxLength: 3 },
  ),
  quiet: fc.constantFrom({ from: 22 * 60, to: 7 * 60 }, { from: 11 * 60, to: 13 * 60 }),
  digestAt: fc.integer({ min: 0, max: 1439 }),
  gatherMs: fc.constantFrom(0, 10_000, DAY_MS),
  timezone: fc.constantFrom('UTC', 'Asia/Kathmandu'),
});

const TALKS = [
  { conversationId: 'web-1', channel: 'web' },
  { conversationId: 'api-1', channel: 'api' },
] as const;
const PLACES: Places = {
  own: (id) => TALKS.find(({ conversationId }) => conversationId === id),
  latest: (on) => TALKS.find((talk) => on === undefined || talk.channel === on),
};

describe('whatever waits, and whatever the policy', () => {
  test('each is told once, muted, or held until a time that comes', () => {
    fc.assert(
      fc.property(waiting, policy, (rows, rules) => {
        const { tellings, muted, againAt } = planTellings(rows, rules, PLACES, new Map(), NOON);
        const settled = [
          ...tellings.flatMap(({ first, rest }) => [first.id, ...rest.map(({ id }) => id)]),
          ...muted,
        ];
        expect(new Set(settled).size).toBe(settled.length);
        if (settled.length < rows.length) expect(againAt).toBeGreaterThan(NOON);
        if (settled.length < rows.length) expect(againAt).toBeLessThanOrEqual(NOON + 2 * DAY_MS);
      }),
    );
  });

  test('what is held is told, or muted, as time goes on', () => {
    fc.assert(
      fc.property(waiting, policy, (rows, rules) => {
        let left = rows;
        for (let look = 0, now = NOON; left.length > 0; look += 1) {
          expect(look).toBeLessThan(20);
          const { tellings, muted, againAt } = planTellings(left, rules, PLACES, new Map(), now);
          const gone = new Set([
            ...tellings.flatMap(({ first, rest }) => [first.id, ...rest.map(({ id }) => id)]),
            ...muted,
          ]);
          left = left.filter(({ id }) => !gone.has(id));
          now = Number.isFinite(againAt) ? againAt : now;
        }
      }),
    );
  });

  test('what is told together names each thing, and carries the origins of all', () => {
    fc.assert(
      fc.property(waiting, (rows) => {
        const [first, ...rest] = rows;
        fc.pre(first !== undefined);
        if (!first) return;
        const { text, origins } = compose(first, rest, { isDigest: false });
        for (const row of rows) expect(text).toContain(row.text);
        expect(new Set(origins)).toEqual(new Set(rows.flatMap((row) => row.origins)));
      }),
    );
  });
});

test('of very many some are named, and the rest is counted', () => {
  const rows = Array.from({ length: 50 }, (_, id) => ({
    id,
    key: String(id),
    kind: 'job.failed' as const,
    from: `the job ${id}`,
    text: 'It broke. '.repeat(100),
    conversationId: null,
    origins: [],
    at: NOON,
  }));
  const [first, ...rest] = rows;
  if (!first) throw new Error('there are fifty');
  const { text } = compose(first, rest, { isDigest: false });
  expect(text.split('\n')).toHaveLength(22);
  expect(text).toMatch(/^50 jobs failed:\n/);
  expect(text).toContain('- and 30 more: see `ironbark notifications`');
  expect(text.length).toBeLessThan(8_000);
});
