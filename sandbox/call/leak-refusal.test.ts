import { expect, test } from 'vitest';
import type { LeakFinding, LeakScan } from '../../src/safety/index.ts';
import { leakRefusal } from './leak-refusal.ts';

const finding = (
  pattern: string,
  action: LeakFinding['action'] = 'block',
  preview = 'ab…yz',
): LeakFinding => ({
  pattern,
  severity: 'high',
  action,
  start: 0,
  end: 1,
  preview,
});

test.each<LeakScan>([
  { verdict: 'clean', findings: [] },
  { verdict: 'warn', findings: [finding('hex', 'warn')] },
  { verdict: 'redact', findings: [finding('jwt', 'redact')] },
])('what is not to be blocked passes: $verdict', (scan) => {
  expect(leakRefusal('leak-in-params', scan)).toBeUndefined();
});

test.each([
  ['leak-in-params', 'the arguments'],
  ['leak-in-request', 'what the tool wanted to send'],
  ['leak-in-response', 'what the other side answered'],
  ['leak-in-result', 'what the tool returned'],
] as const)('%s names %s, the pattern and a preview', (rule, where) => {
  expect(leakRefusal(rule, { verdict: 'block', findings: [finding('openai_key')] })).toEqual({
    rule,
    message: `Stopped, because ${where} seemed to hold a secret: openai_key (ab…yz).`,
  });
});

test('each pattern is named once, three at most, and only those that block', () => {
  const findings = ['a', 'a', 'b', 'c', 'd'].map((name) => finding(name));
  const scan: LeakScan = { verdict: 'block', findings: [finding('w', 'warn'), ...findings] };
  expect(leakRefusal('leak-in-result', scan)?.message).toMatch(/: a \(ab…yz\), b \(ab…yz\), c \(ab…yz\)\.$/);
});
