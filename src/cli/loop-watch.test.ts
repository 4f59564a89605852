import { pino } from 'pino';
import { expect, test } from 'vitest';
import { killOptions, type LoopWatchOptions } from './loop-watch.ts';

const options: LoopWatchOptions = {
  settings: { enabled: true, report_after_ms: 250, hung_after_seconds: 10, restart_after_seconds: 30 },
  wanted: 'restart',
  process: { ...process, pid: 400, ppid: 300, platform: 'linux', env: {} },
  log: pino({ level: 'info', enabled: true }),
  logFile: '/home/logs/ironbark.log',
};
const atPidOne = { ...options.process, pid: 1 };

test('a process whose loop stays blocked is replaced, and says so where the log is', () => {
  const kill = killOptions(options);
  expect(kill).toMatchObject({ afterMs: 30_000, logFile: '/home/logs/ironbark.log' });
  expect(kill?.replacement?.command).toBe('/bin/sh');
});

test('a process that is started again by somebody else only ends', () => {
  const kill = killOptions({ ...options, process: atPidOne });
  expect(kill).toMatchObject({ afterMs: 30_000, replacement: undefined });
  expect(kill?.lastWords).toContain('service manager');
});

test('zero seconds, and a conversation in a terminal, leave the process alone', () => {
  const { settings } = options;
  expect(killOptions({ ...options, settings: { ...settings, restart_after_seconds: 0 } })).toBeUndefined();
  expect(killOptions({ ...options, wanted: 'report' })).toBeUndefined();
});

test('a process that nobody would start again is left alone', () => {
  expect(killOptions({ ...options, process: { ...options.process, platform: 'win32' } })).toBeUndefined();
});

test('a silent log stays silent', () => {
  expect(killOptions({ ...options, log: pino({ level: 'silent' }) })?.logFile).toBeUndefined();
});
