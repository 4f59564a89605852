import { expect, test } from 'vitest';
import { refusalsIn } from './refusals-in.ts';

const rulesIn = (output: string): readonly string[] => refusalsIn(output).map(({ rule }) => rule);

test.each([
  ['-1 Operation not permitted', 'not-permitted'],
  ['PermissionError: [Errno 1] Operation not permitted', 'not-permitted'],
  ["Error: EPERM: operation not permitted, mknod '/tmp/x'", 'not-permitted'],
  ['mount: /tmp: must be superuser to use mount.', 'not-permitted'],
  ["cp: cannot create regular file '/usr/bin/ls': Read-only file system", 'read-only'],
  ['bash: line 1: /workspace/../outside: Read-only file system', 'read-only'],
  ["head: error writing 'standard output': No space left on device", 'no-space'],
  ["head: error writing 'standard output': File too large", 'disk-limit'],
  ['bash: fork: retry: Resource temporarily unavailable', 'process-limit'],
  ['sh: 0: Cannot fork', 'process-limit'],
  ["RuntimeError: can't start new thread", 'process-limit'],
  ["curl: (7) Failed to connect to 1.1.1.1 port 80 after 0 ms: Couldn't connect to server", 'no-network'],
  ['OSError: [Errno 101] Network is unreachable', 'no-network'],
  ['cat: /etc/shadow: Permission denied', 'denied'],
  ["PermissionError: [Errno 13] Permission denied: '/proc/1/ns/mnt'", 'denied'],
  ['bash: /workspace/../root/x: Permission denied', 'denied'],
])('%s: %s', (line, rule) => {
  expect(refusalsIn(`before\n${line}\nafter`)).toEqual([{ rule, evidence: 'output', line }]);
});

test.each([
  'all is well',
  './run.sh: Permission denied',
  'bash: /workspace/run.sh: Permission denied',
  "rm: cannot remove '/tmp/a/b': Permission denied",
  '/usr/bin/bash: line 1: ./run.sh: Permission denied',
  "curl: (7) Failed to connect to 127.0.0.1 port 3128 after 0 ms: Couldn't connect to server",
  'Failed to connect to localhost port 8080',
  'cat: -: Resource temporarily unavailable',
])('nothing of note: %s', (line) => {
  expect(refusalsIn(line)).toEqual([]);
});

test('each rule counts once, with the first line that says so', () => {
  const output = 'a: Read-only file system\nb: Operation not permitted\nc: Read-only file system\n';
  expect(refusalsIn(output)).toMatchObject([{ line: 'a: Read-only file system' }, { rule: 'not-permitted' }]);
});

test('of much output the beginning and the end are read, of a long line what is around its sign', () => {
  const filler = 'x'.repeat(200_000);
  expect(rulesIn(`a: Read-only file system\n${filler}\nb: Operation not permitted`)).toEqual([
    'read-only',
    'not-permitted',
  ]);
  expect(rulesIn(`${filler}\nOperation not permitted\n${filler}`)).toEqual([]);
  const [found] = refusalsIn(`${filler.slice(0, 5_000)} Operation not permitted ${filler.slice(0, 5_000)}`);
  expect(found).toMatchObject({ line: expect.stringMatching(/^x+ Operation not permitted x+$/) });
  expect(JSON.stringify(found).length).toBeLessThan(1_200);
});

test('its time grows no faster than the output', () => {
  const took = (output: string): number => {
    const begun = performance.now();
    for (let at = 0; at < 20; at++) refusalsIn(output);
    return performance.now() - begun;
  };
  const noise = (length: number): string => ' /permission denied fork: '.repeat(length / 26);
  took(noise(20_000));
  expect(took(noise(120_000))).toBeLessThan(20 * Math.max(1, took(noise(12_000))));
});
