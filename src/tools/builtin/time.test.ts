import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import { callTool } from '../testing.ts';
import { timeTool } from './time.ts';

const NOW = Date.UTC(2026, 2, 29, 0, 30, 15);
const time = (args: JsonObject) =>
  callTool([timeTool({ now: () => NOW })], 'time', args, { timezone: 'Europe/Berlin' });
const parsed = async (args: JsonObject) => JSON.parse((await time(args)).content);

describe('time', () => {
  test('says what time it is for the user', async () => {
    const expected = {
      time: '2026-03-29T01:30:15+01:00',
      timezone: 'Europe/Berlin',
      weekday: 'Sunday',
      unix: NOW / 1000,
      utc: '2026-03-29T00:30:15Z',
    };
    expect(await parsed({ operation: 'now' })).toEqual(expected);
    expect(await parsed({})).toEqual(expected);
    expect((await parsed({ timezone: 'asia/tokyo' })).time).toBe('2026-03-29T09:30:15+09:00');
  });

  test.each([
    ['2026-03-15T14:30:00Z', '2026-03-15T14:30:00Z'],
    ['2026-03-15T14:30:00.5+02:00', '2026-03-15T12:30:00Z'],
    ['2026-03-15 14:30:00', '2026-03-15T13:30:00Z'],
    ['2026-03-15 14:30:00 +0200', '2026-03-15T12:30:00Z'],
    ['2026-03-15', '2026-03-14T23:00:00Z'],
    ['2026-03-15T14:30[America/New_York]', '2026-03-15T18:30:00Z'],
    ['1773585000', '2026-03-15T14:30:00Z'],
    ['1773585000000', '2026-03-15T14:30:00Z'],
    ['Sun, 15 Mar 2026 14:30:00 GMT', '2026-03-15T14:30:00Z'],
  ])('reads %s', async (input, utc) => expect((await parsed({ operation: 'parse', input })).utc).toBe(utc));

  test('takes an input under its other name, and as a number', async () => {
    expect((await parsed({ operation: 'parse', timestamp: 1773585000 })).utc).toBe('2026-03-15T14:30:00Z');
  });

  test('converts between zones, across a change of clocks', async () => {
    const converted = await parsed({
      operation: 'convert',
      input: '2026-03-29T03:30',
      from_timezone: 'Europe/Berlin',
      to_timezone: 'America/New_York',
    });
    expect(converted.time).toBe('2026-03-28T21:30:00-04:00');
  });

  test('formats', async () => {
    const format = async (pattern: string) =>
      (await time({ operation: 'format', input: '2026-03-05T14:07:09Z', timezone: 'UTC', format: pattern }))
        .content;
    expect(await format('%A, %d %B %Y %H:%M:%S %Z')).toBe('Thursday, 05 March 2026 14:07:09 UTC');
    expect(await format('%-d.%-m.%y %I:%M %p, day %j, week %V 100%%')).toBe(
      '5.3.26 02:07 PM, day 064, week 10 100%',
    );
    expect(await format('%F %T %z %:z %s')).toBe('2026-03-05 14:07:09 +0000 +00:00 1772719629');
    expect(await format('%Q')).toContain('"%Q" is not known');
  });

  test('measures between two times', async () => {
    expect(
      await parsed({ operation: 'diff', input: '2026-03-28T12:00', timestamp2: '2026-03-29T12:00' }),
    ).toEqual({
      seconds: 23 * 3600,
      duration: 'P1D',
      text: '1 day',
    });
    expect(
      (await parsed({ operation: 'diff', input: '2026-03-02T00:00Z', timestamp2: '2026-03-01T22:00Z' })).text,
    ).toBe('2 hours earlier');
    expect((await parsed({ operation: 'diff', input: '2026-03-29T00:30:00Z' })).seconds).toBe(15);
  });

  test.each([
    [{ operation: 'now', timezone: 'Mars/Olympus' }, '"Mars/Olympus" is not a time zone'],
    [{ operation: 'parse', input: 'next tuesday' }, '"next tuesday" is not a time that can be read'],
    [{ operation: 'parse', input: '2026-02-30' }, 'is not a time'],
    [{ operation: 'parse', input: '9999999999999999' }, 'is not a time'],
    [{ operation: 'diff' }, 'diff needs'],
    [{ operation: 'sleep' }, 'expected one of now, parse, convert, format, diff'],
  ])('%j fails with what is wrong', async (args, problem) => {
    expect(await time(args)).toMatchObject({ ok: false, content: expect.stringContaining(problem) });
  });
});
