import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RoutineGuardrails } from '../core/routines.ts';
import { decide, type WaitingRun } from './decide.ts';
import { guardrailsOf } from './guardrails.ts';

const NOW = 1_000_000_000;

const run = (
  id: string,
  more: Partial<WaitingRun> = {},
  guardrails: Partial<RoutineGuardrails> = {},
): WaitingRun => ({
  ...{ id, routineId: 'r', kind: 'cron', patient: false, readyAt: NOW, lastRunAt: null, refusal: null },
  guardrails: guardrailsOf('cron', guardrails),
  ...more,
});

const ids = (runs: readonly WaitingRun[]): readonly string[] => runs.map(({ id }) => id);
const BUSY = new Map([['r', ['live']]]);
const IDLE: ReadonlyMap<string, readonly string[]> = new Map();

test('what may not start now is skipped, whoever wants it', () => {
  const refusal = 'Its budget is used up.';
  const { begin, skip } = decide(
    [
      run('a', { refusal }),
      run('b', { refusal, patient: true, kind: 'manual' }),
      run('c', { routineId: 's' }),
    ],
    IDLE,
    10,
    NOW,
  );
  expect(ids(begin)).toEqual(['c']);
  expect(skip.map((one) => `${one.run.id}: ${one.reason}`)).toEqual([`a: ${refusal}`, `b: ${refusal}`]);
});

describe('while a run is under way, another one', () => {
  test('is skipped, or waits where a person wants it', () => {
    const decided = decide([run('a'), run('b', { patient: true })], BUSY, 10, NOW);
    expect(decided).toMatchObject({ begin: [], waiting: ['r'] });
    expect(decided.skip).toMatchObject([{ run: { id: 'a' }, reason: 'It was still running.' }]);
  });

  test('waits its turn', () => {
    const queued = { runMode: 'queued' } as const;
    expect(decide([run('a', {}, queued), run('b', {}, queued)], BUSY, 10, NOW)).toMatchObject({
      begin: [],
      skip: [],
    });
    expect(ids(decide([run('a', {}, queued), run('b', {}, queued)], IDLE, 10, NOW).begin)).toEqual(['a']);
  });

  test('takes its place, and of several the latest', () => {
    const restart = { runMode: 'restart' } as const;
    const decided = decide([run('a', {}, restart), run('b', {}, restart)], BUSY, 10, NOW);
    expect(ids(decided.begin)).toEqual(['b']);
    expect(decided.replaced).toEqual(['live']);
    expect(decided.skip).toMatchObject([{ run: { id: 'a' }, reason: 'One that came later took its place.' }]);
  });

  test('takes its place also where every slot is taken', () => {
    expect(ids(decide([run('a', {}, { runMode: 'restart' })], BUSY, 1, NOW).begin)).toEqual(['a']);
  });

  test('runs beside it, up to a number', () => {
    const parallel = { runMode: 'parallel', maxConcurrent: 2 } as const;
    const decided = decide([run('a', {}, parallel), run('b', {}, parallel)], BUSY, 10, NOW);
    expect(ids(decided.begin)).toEqual(['a']);
    expect(decided.skip).toMatchObject([{ reason: '2 of it were running already.' }]);
  });
});

describe('a routine that rests', () => {
  const rests = { cooldownSeconds: 60 };
  test('skips what triggers it, but not what a person wants or what is made up for', () => {
    const lastRunAt = NOW - 20_000;
    const decided = decide([run('a', { lastRunAt }, rests)], IDLE, 10, NOW);
    expect(decided.skip).toMatchObject([{ reason: 'It rests for another 40 s after its last start.' }]);
    expect(ids(decide([run('a', { lastRunAt, kind: 'manual' }, rests)], IDLE, 10, NOW).begin)).toEqual(['a']);
    expect(ids(decide([run('a', { lastRunAt, patient: true }, rests)], IDLE, 10, NOW).begin)).toEqual(['a']);
  });

  test('rests no longer than that where the clock was put back', () => {
    const decided = decide([run('a', { lastRunAt: NOW + 3_600_000 }, rests)], IDLE, 10, NOW);
    expect(decided.skip).toMatchObject([{ reason: 'It rests for another 60 s after its last start.' }]);
  });
});

const modes = fc.constantFrom('single', 'restart', 'queued', 'parallel');
const waitings = fc.array(
  fc.record({ routine: fc.integer({ min: 0, max: 4 }), mode: modes, patient: fc.boolean() }),
  { maxLength: 30 },
);
const runnings = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 6 });

test('each run is begun, skipped or left where it is, never more than there are slots, never two where one may run', () => {
  fc.assert(
    fc.property(waitings, runnings, fc.integer({ min: 1, max: 8 }), (given, live, slots) => {
      const modeOf = new Map(given.map(({ routine, mode }) => [routine, mode]));
      const waiting = given.map(({ routine, patient }, index) =>
        run(`w${index}`, { routineId: `r${routine}`, patient }, { runMode: modeOf.get(routine) ?? 'single' }),
      );
      const running = new Map(
        [...Map.groupBy(live, (routine) => `r${routine}`)].map(([id, of]) => [
          id,
          of.map((_, n) => `${id}-${n}`),
        ]),
      );
      const { begin, skip, replaced, waiting: kept } = decide(waiting, running, slots, NOW);
      const settled = [...ids(begin), ...skip.map((one) => one.run.id)];
      expect(new Set(settled).size).toBe(settled.length);
      for (const one of waiting) if (!settled.includes(one.id)) expect(kept).toContain(one.routineId);
      expect(begin.length - replaced.length).toBeLessThanOrEqual(Math.max(0, slots - live.length));
      for (const [routineId, of] of Map.groupBy(begin, (one) => one.routineId)) {
        const left = (running.get(routineId) ?? []).filter((id) => !replaced.includes(id)).length;
        const most = of[0]?.guardrails.runMode === 'parallel' ? 3 : 1;
        expect(of.length + left).toBeLessThanOrEqual(Math.max(most, left));
      }
    }),
  );
});

test('the oldest have the slots, whosever they are', () => {
  const waiting = ['a', 'b', 'c', 'd'].map((id) => run(id, { routineId: id }));
  expect(ids(decide(waiting, IDLE, 2, NOW).begin)).toEqual(['a', 'b']);
});
