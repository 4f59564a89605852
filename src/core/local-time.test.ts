import { expect, test } from 'vitest';
import { localTime } from './local-time.ts';

test('a time is that of its zone, with seconds where there are any', () => {
  expect(localTime('2026-03-02T08:00:00.999Z', 'Europe/Berlin')).toBe('Mon 2026-03-02 09:00');
  expect(localTime('2026-03-02T23:30:15Z', 'Europe/Berlin')).toBe('Tue 2026-03-03 00:30:15');
});
