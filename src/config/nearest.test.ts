import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

const NAMES = ['gateway.host', 'gateway.port', 'agent.max_iterations', 'log.level'];

test('a slip of the keyboard finds the name that was meant', () => {
  expect(nearest('gateway.prot', NAMES)).toBe('gateway.port');
  expect(nearest('max_iteration', NAMES)).toBe('agent.max_iterations');
  expect(nearest('level', NAMES)).toBe('log.level');
});

test('something else altogether finds nothing', () => {
  expect(nearest('temperature', NAMES)).toBeUndefined();
  expect(nearest('', NAMES)).toBeUndefined();
});

test('a name always finds itself first', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }), (names) => {
      for (const name of names) expect(nearest(name, names)).toBe(name);
    }),
  );
});
