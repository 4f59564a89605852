import { expect, test } from 'vitest';
import { CommandLine } from '../testing/command-line.ts';

function attached(): CommandLine {
  const cli = new CommandLine('/nowhere');
  cli.running = { url: 'http://127.0.0.1:1', pid: 42, version: '9.9.9' };
  cli.client.spending = {
    ...cli.client.spending,
    today: { ...cli.client.spending.today, spentMicroUsd: 4_020_000, limitMicroUsd: 5_000_000 },
    conversations: [
      {
        conversationId: 'c-1',
        title: 'Taxes\x1b[31m',
        spentMicroUsd: 10_000,
        reservedMicroUsd: 0,
        lastPaidAt: '2026-11-21T10:00:00.000Z',
      },
    ],
  };
  return cli;
}

test('what was spent is shown as tables that a terminal only shows', async () => {
  const cli = attached();
  expect(await cli.run('budget')).toBe(0);
  expect(cli.out).toContain('today       $4.02  $0.00      $5.00\n');
  expect(cli.out).toMatch(/^c-1 +\$0\.01 +Taxes$/m);
});

test('and as JSON', async () => {
  const cli = attached();
  expect(await cli.run('budget', '--json')).toBe(0);
  expect(JSON.parse(cli.out)).toEqual(cli.client.spending);
});
