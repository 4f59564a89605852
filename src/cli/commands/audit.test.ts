import { beforeEach, expect, test } from 'vitest';
import type { AuditEntry } from '../../core/audit.ts';
import { CommandLine } from '../testing/command-line.ts';

let cli: CommandLine;

beforeEach(() => {
  cli = new CommandLine('/nowhere');
  cli.running = { url: 'http://127.0.0.1:1', pid: 42, version: '9.9.9' };
});

const entry = (id: number, tool: string, message: string): AuditEntry => ({
  id,
  at: '2026-03-01T12:00:00Z',
  kind: 'http.refused',
  tool,
  rule: 'host-not-allowed',
  message,
});

test('the audit log shows what was refused and by which rule, a line each', async () => {
  cli.client.auditLog = [entry(2, 'clock', 'The host\nevil.example.com\x1b[31m'), entry(1, 'mail', 'No.')];
  expect(await cli.run('audit')).toBe(0);
  expect(cli.out.split('\n')).toEqual([
    expect.stringMatching(
      /^2026-03-01 .* {2}http\.refused {2}clock {2}host-not-allowed {2}The host evil\.example\.com$/,
    ),
    expect.stringMatching(/mail {3}host-not-allowed {2}No\.$/),
    '',
  ]);
});

test('of one tool, so many lines, as JSON', async () => {
  cli.client.auditLog = [entry(3, 'clock', 'c'), entry(2, 'mail', 'b'), entry(1, 'clock', 'a')];
  expect(await cli.run('audit', '--tool', 'clock', '--limit', '1', '--json')).toBe(0);
  expect(JSON.parse(cli.out)).toEqual({ entries: [entry(3, 'clock', 'c')] });
});

test('says so where there is nothing', async () => {
  expect(await cli.run('audit')).toBe(0);
  expect(await cli.run('audit', '--tool', 'clock')).toBe(0);
  expect(cli.out).toBe('The audit log is empty.\nNothing is on record of a tool named clock.\n');
});

test('takes no limit that is none', async () => {
  for (const limit of ['0', '-1', 'x', '1.5', '10000', ''])
    expect(await cli.run('audit', `--limit=${limit}`)).toBe(2);
  expect(cli.err).toContain('--limit must be a whole number from 1 to 9999, not "10000".');
});

test('needs an assistant that runs', async () => {
  cli.running = undefined;
  expect(await cli.run('audit', '--json')).toBe(7);
  expect(JSON.parse(cli.out).error.kind).toBe('unreachable');
});
