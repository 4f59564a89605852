import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documentPath, normalisePath } from './index.ts';

describe('a path in memory', () => {
  test.each([
    ['notes/a.md', 'notes/a.md'],
    [' ./notes//a.md ', 'notes/a.md'],
    ['notes\\a.md', 'notes/a.md'],
    ['Notes/A.md', 'Notes/A.md'],
  ])('%j is stored as %j', (given, stored) =>
    expect(normalisePath(given)).toEqual({ ok: true, value: stored }),
  );

  test.each([
    '/etc/passwd',
    'C:\\x',
    '../x',
    'a/../../x',
    'a\\..\\b',
    '',
    '.',
    'a\0b',
    'a\nb',
    'x'.repeat(513),
  ])('%j is refused with a reason', (given) =>
    expect(normalisePath(given)).toMatchObject({ ok: false, error: expect.stringMatching(/path|relative/) }),
  );

  test('has a greatest length', () => {
    expect(normalisePath('é'.repeat(256)).ok).toBe(true);
    expect(normalisePath('é'.repeat(257)).ok).toBe(false);
  });

  test('never climbs, whatever was given', () => {
    const parts = fc.array(fc.constantFrom('..', '.', 'a', '/', '\\', ' ', '%2e', 'é'), { maxLength: 12 });
    fc.assert(
      fc.property(parts, (given) => {
        const path = normalisePath(given.join(''));
        if (!path.ok) return;
        expect(path.value.startsWith('/')).toBe(false);
        expect(path.value.split('/')).not.toContain('..');
        expect(normalisePath(path.value)).toEqual(path);
      }),
    );
  });
});

test.each([
  ['memory', 'MEMORY.md'],
  ['daily_log', 'daily/2026-03-14.md'],
  ['heartbeat', 'HEARTBEAT.md'],
  ['bootstrap', 'BOOTSTRAP.md'],
  ['projects/alpha/launch.md', 'projects/alpha/launch.md'],
])('%j stands for %s', (name, path) =>
  expect(documentPath(name, '2026-03-14')).toEqual({ ok: true, value: path }),
);
