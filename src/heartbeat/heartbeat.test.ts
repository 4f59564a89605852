import { describe, expect, test } from 'vitest';
import { isEffectivelyEmpty } from './is-empty.ts';
import { attentionIn, beatQuestion } from './question.ts';
import { backOffMs, whenDue } from './when-due.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (time: string): number => Date.parse(`2026-11-22T${time}:00Z`);

describe('a list', () => {
  test.each([
    '',
    '\n \n',
    '# Heartbeat\n\n## Today\n- [ ]\n- [x]\n- [X]\n*\n-\n  - [ ] ',
    '<!-- write here what\nI should look after -->\n# Heartbeat',
    'ends in <!-- nothing but a comment'.replace('ends in ', ''),
  ])('of nothing is empty: %j', (text) => {
    expect(isEffectivelyEmpty(text)).toBe(true);
  });

  test.each(['- [ ] water the plants', 'look', '-x', '<!-- a --> b', '- [ ]\n* milk', '---', '1.'])(
    'with a word is not: %j',
    (text) => {
      expect(isEffectivelyEmpty(text)).toBe(false);
    },
  );
});

describe('when it is due', () => {
  const half = { enabled: true, everyMs: 30 * MINUTE };

  test('each stretch of time has one beat, by whoever looks in it', () => {
    for (const time of ['09:00', '09:07', '09:29'])
      expect(whenDue(half, at(time), 'UTC')).toEqual({
        kind: 'due',
        dueAt: at('09:00'),
        nextAt: at('09:30'),
      });
  });

  test('once a day at the time of the user, also on the days when clocks change', () => {
    const daily = { ...half, dailyAt: 8 * 60 };
    expect(whenDue(daily, at('09:00'), 'Europe/Berlin')).toEqual({
      kind: 'due',
      dueAt: at('07:00'),
      nextAt: at('07:00') + 24 * HOUR,
    });
    const night = Date.parse('2026-03-28T12:00:00Z');
    expect(whenDue(daily, night, 'Europe/Berlin')).toEqual({
      kind: 'due',
      dueAt: Date.parse('2026-03-28T07:00:00Z'),
      nextAt: Date.parse('2026-03-29T06:00:00Z'),
    });
  });

  test('not in quiet hours, which may go over midnight', () => {
    const quiet = { ...half, quiet: { from: 22 * 60, to: 7 * 60 } };
    expect(whenDue(quiet, at('21:59'), 'UTC').kind).toBe('due');
    expect(whenDue(quiet, at('22:00'), 'UTC')).toEqual({ kind: 'later', at: at('22:30') });
    expect(whenDue(quiet, at('06:50'), 'UTC')).toEqual({ kind: 'later', at: at('07:00') });
    expect(whenDue(quiet, at('07:00'), 'UTC').kind).toBe('due');
    expect(whenDue(quiet, at('21:30'), 'Europe/Berlin').kind).toBe('later');
  });

  test('never where it is switched off, but it is looked whether it still is', () => {
    expect(whenDue({ ...half, enabled: false }, at('09:00'), 'UTC')).toEqual({
      kind: 'later',
      at: at('09:30'),
    });
  });

  test('after failures later each time, up to six hours', () => {
    expect([1, 2, 3, 4, 5, 6].map((failures) => backOffMs(half, failures) / HOUR)).toEqual([
      0.5, 1, 2, 4, 6, 6,
    ]);
  });
});

describe('what is asked', () => {
  test('is the list without comments, the time where the user is, and what was told before', () => {
    const { system, message } = beatQuestion({
      list: '# Mine\n<!-- secret -->\n- call Ann',
      now: at('09:00'),
      timezone: 'Europe/Berlin',
      facts: ['Jobs: 1 stuck.'],
      told: [{ at: at('08:00'), text: 'Call Ann.' }],
    });
    expect(system).toContain('HEARTBEAT_OK');
    expect(message).toBe(
      '<list>\n# Mine\n\n- call Ann\n</list>\n\nIt is 2026-11-22 10:00, Sunday (Europe/Berlin).\n\n' +
        'Facts:\n- Jobs: 1 stuck.\n\nThey were told before:\n- 2026-11-22 09:00, Sunday: Call Ann.',
    );
  });

  test.each([
    ['HEARTBEAT_OK', undefined],
    ['Nothing.\n**HEARTBEAT_OK**', undefined],
    ['  ', undefined],
    [' Call Ann. ', 'Call Ann.'],
  ])('and of the answer %j the user is told %j', (answer, told) => {
    expect(attentionIn(answer)).toBe(told);
  });
});
