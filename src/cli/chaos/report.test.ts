import { expect, test } from 'vitest';
import type { Plan } from './campaign.ts';
import { commandOf, planOf } from './plan.ts';
import type { Wound } from './recovery.ts';
import { reportOn } from './report.ts';
import { chaosText } from './report-text.ts';

const PLAN: Plan = {
  faults: 22,
  rate: 5,
  seed: 7,
  kinds: ['crash', 'hang'],
  paths: { only: ["root/it's/**"], except: [] },
  merciless: false,
};
const REPLAY = 'ironbark chaos --seed 7';
const wound = (path: string, recoveredMs: number | null): Wound => ({
  kind: 'crash',
  path,
  atMs: 0,
  recoveredMs,
});
const twenty = Array.from({ length: 20 }, (_, place) => wound('root/a', place + 1));

test('recovery is told as median, 95th percentile and worst of each kind that was asked for', () => {
  const wounds = [...twenty, wound('root/turn/model-call#1', null), wound('root/turn/model-call#2', 7)];
  const report = reportOn({ wounds, elapsedMs: 1234.5, problems: [] }, {}, PLAN, REPLAY);
  expect(report.recovery).toEqual({
    crash: { faults: 22, p50Ms: 10, p95Ms: 19, maxMs: 20 },
    hang: { faults: 0, p50Ms: null, p95Ms: null, maxMs: null },
  });
  expect(report.victims).toEqual([
    { path: 'root/a', faults: 20 },
    { path: 'root/turn/model-call', faults: 2 },
  ]);
  expect(report).toMatchObject({ held: true, faults: 22, elapsedMs: 1235, seed: 7 });
});

test('what does not hold is told with the command that does the same again', () => {
  const course = { wounds: twenty, elapsedMs: 4_000, problems: ['"task 3" has 0 replies.'] };
  const text = chaosText(reportOn(course, {}, PLAN, REPLAY), {
    lines: ['8 messages, 7 answered'],
    verdict: 'Everything came back; nothing was lost.',
  });
  expect(text).toContain('20 faults in 4.0 s (seed 7)');
  expect(text).toMatch(/^crash +20 +10 +19 +20$/m);
  expect(text).toMatch(/^hang +0 +- +- +-$/m);
  expect(text).toContain('8 messages, 7 answered');
  expect(text).toMatch(
    /It did not hold:\n {2}"task 3" has 0 replies\.\n\nThe same again: ironbark chaos --seed 7$/,
  );
  expect(text).not.toContain('nothing was lost');
});

test('the command of a plan makes the same plan again', () => {
  expect(commandOf({ ...PLAN, merciless: true }, true)).toBe(
    `ironbark chaos --scripted --faults 22 --rate 5 --seed 7 --kinds crash,hang --only 'root/it'\\''s/**' --merciless`,
  );
  expect(planOf({ faults: '22', rate: '5', seed: '7', kinds: 'crash,hang', only: ["root/it's/**"] })).toEqual(
    PLAN,
  );
});

test.each([
  [{ faults: '0' }, /--faults must be a whole number from 1/],
  [{ faults: 'many' }, /--faults/],
  [{ rate: '0' }, /--rate must be a number of faults a second/],
  [{ seed: '-1' }, /--seed/],
  [{ kinds: 'crash,explode' }, /There is no fault "explode"/],
])('%o cannot be meant', (flags, message) => {
  expect(() => planOf({ faults: '1', rate: '1', kinds: 'crash', ...flags })).toThrow(message);
});
