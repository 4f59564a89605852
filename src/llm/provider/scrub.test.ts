import { expect, test } from 'vitest';
import { scrub, scrubUrl } from './scrub.ts';

test('the key in use is taken out wherever it stands', () => {
  expect(scrub('a s3cret b s3cret', 's3cret')).toBe('a [key] b [key]');
});

test.each([
  'sk-abcdef123456',
  'sk-ant-api03-abc_def',
  'sk-ab*****************yz',
  'gsk_abcdefgh',
  'Bearer abc.def',
])('%s looks like a key and is taken out', (key) =>
  expect(scrub(`Incorrect API key provided: ${key}, sorry`, undefined)).not.toContain(key.slice(-4)),
);

test('ordinary words stay', () => {
  const text = 'The task-runner asked for a key: none given. Risk-averse users skip-level.';
  expect(scrub(text, undefined)).toBe(text);
});

test('an address is shown without what may be secret in it', () => {
  expect(scrubUrl('https://user:pass@host:8080/v1?key=abc')).toBe('https://host:8080/v1');
  expect(scrubUrl('nonsense')).toBe('[address]');
});
