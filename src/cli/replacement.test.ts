import { describe, expect, test } from 'vitest';
import { isStartedAgain, type ProcessFacts, replacementOf } from './replacement.ts';

const facts: ProcessFacts = {
  pid: 400,
  ppid: 300,
  platform: 'linux',
  execPath: '/opt/node',
  execArgv: ['--max-old-space-size=500'],
  argv: ['/opt/node', '/opt/ironbark.js', 'serve', '--port', '0'],
  env: {},
};

describe('whether somebody starts the process again', () => {
  test('nobody does in a terminal, also where that terminal is itself a service', () => {
    expect(isStartedAgain(facts)).toBe(false);
    expect(isStartedAgain({ ...facts, env: { INVOCATION_ID: 'x', SYSTEMD_EXEC_PID: '7' } })).toBe(false);
  });

  test('systemd does with what it started, itself or through the launcher', () => {
    for (const pid of ['400', '300']) {
      expect(isStartedAgain({ ...facts, env: { INVOCATION_ID: 'x', SYSTEMD_EXEC_PID: pid } })).toBe(true);
    }
  });

  test('before version 248 systemd does not say what it started', () => {
    expect(isStartedAgain({ ...facts, env: { INVOCATION_ID: 'x' } })).toBe(true);
  });

  test('the first process of a container is started again with it', () => {
    expect(isStartedAgain({ ...facts, pid: 1 })).toBe(true);
  });
});

describe('the replacement', () => {
  test('is what was started, on the port that was found', () => {
    const replacement = replacementOf(facts, 'http://127.0.0.1:4711');
    expect(replacement?.command).toBe('/bin/sh');
    expect(replacement?.args.slice(3)).toEqual([
      '/opt/node',
      '--max-old-space-size=500',
      '/opt/ironbark.js',
      'serve',
      '--port',
      '0',
      '--port',
      '4711',
    ]);
  });

  test('begins before there was a port where it was blocked by then', () => {
    expect(replacementOf(facts)?.args.slice(-2)).toEqual(['--port', '0']);
  });

  test('is not possible without a POSIX shell', () => {
    expect(replacementOf({ ...facts, platform: 'win32' }, 'http://127.0.0.1:4711')).toBeUndefined();
  });
});
