import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RoutineRun } from '../../core/routines.ts';
import { type RunningGateway, runGateway, TOKEN } from '../../gateway/testing/running-gateway.ts';
import { CommandLine } from '../testing/command-line.ts';

let running: RunningGateway;
let cli: CommandLine;

beforeEach(async () => {
  vi.stubEnv('TZ', 'UTC');
  running = await runGateway();
  cli = new CommandLine('/nowhere');
  cli.running = { url: running.url, pid: 42, version: '9.9.9' };
  cli.token = TOKEN;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await running[Symbol.asyncDispose]();
});

/** What it printed, after it ended well. */
async function told(...argv: string[]): Promise<string> {
  [cli.out, cli.err] = ['', ''];
  expect([await cli.run('routines', ...argv), cli.err]).toEqual([0, '']);
  return cli.out;
}

/** What it complained of. */
async function refused(...argv: string[]): Promise<string> {
  cli.err = '';
  expect(await cli.run('routines', ...argv)).not.toBe(0);
  return cli.err;
}

const create = (...more: string[]) => told('create', 'morning', 'Say what is on.', ...more);
const morning = async () => (await running.assistant.routines.get('morning')) ?? expect.unreachable();

describe('ironbark routines create', () => {
  test('shows the next times', async () => {
    const text = await create('--schedule', '0 0 * * *', '--timezone', 'UTC', '--catch-up', 'all');
    expect(text).toContain('morning: unverified');
    expect(text).toContain('  Wed 2030-01-02 00:00\n  Thu 2030-01-03 00:00');
    expect(await morning()).toMatchObject({
      by: 'user',
      trigger: { kind: 'cron', schedule: '0 0 * * *', timezone: 'UTC' },
      guardrails: { catchUp: 'all' },
    });
  });

  test.each<[string[], object]>([
    [
      ['--pattern', 'invoice', '--channel', 'web'],
      { trigger: { kind: 'event', pattern: 'invoice', channel: 'web' } },
    ],
    [
      ['--event', 'github/issue', '--filter', 'repo=a', 'label=b=c'],
      { trigger: { source: 'github', eventType: 'issue', filters: { repo: 'a', label: 'b=c' } } },
    ],
    [
      ['--webhook', '/deploys', '--secret', 'deploy_secret', '--hmac'],
      { trigger: { kind: 'webhook', path: 'deploys', secret: 'deploy_secret', proof: 'hmac' } },
    ],
    [[], { trigger: { kind: 'manual' } }],
    [['--job'], { action: { kind: 'full_job', description: 'Say what is on.' } }],
    [
      ['--no-tools', '--rounds', '7', '--context', 'a.md', 'b.md'],
      { action: { useTools: false, maxToolRounds: 7, contextPaths: ['a.md', 'b.md'] } },
    ],
    [
      ['--while-running', 'queued', '--on-success'],
      { guardrails: { runMode: 'queued' }, notify: { onSuccess: true } },
    ],
    [['--budget', '0.50'], { guardrails: { dayMicroUsd: 500_000 } }],
  ])('takes %j', async (flags, made) => {
    await create(...flags);
    expect(await morning()).toMatchObject(made);
  });

  test('reads the prompt from standard input', async () => {
    cli.stdin.end('From a file.\n');
    await told('add', 'morning', '-');
    expect((await morning()).action).toMatchObject({ prompt: 'From a file.' });
  });

  test.each<[string[], string]>([
    [['--schedule', '0 0 31 2 *'], 'February has no 31st'],
    [['--schedule', '0 9 * * *', '--timezone', 'Nowhere/X'], 'Did you mean Europe/Berlin?'],
    [['--schedule', '0 9 * * *', '--pattern', 'x'], 'not both'],
    [['--webhook', 'x'], 'ironbark secrets set'],
    [['--event', 'x'], 'SOURCE/TYPE'],
    [['--rounds', '99'], 'from 1 to 20'],
    [['--budget', '-1'], 'an amount of US dollars'],
    [['--budget', 'much'], 'an amount of US dollars'],
    [['--catch-up', 'never'], 'skip, once, all'],
  ])('says what is wrong with %j', async (flags, reason) => {
    expect(await refused('create', 'morning', 'x', ...flags)).toContain(reason);
    expect(await running.assistant.routines.list()).toEqual([]);
  });
});

describe('ironbark routines', () => {
  beforeEach(async () => {
    await create('--schedule', '0 0 * * *');
    await told('create', 'other', 'Look.');
  });

  test('lists, by how they are started and whether they are off', async () => {
    expect(await told('list')).toMatch(/morning +unverified +at 0 0 \* \* \* \(UTC\) +Wed 2030-01-02 00:00/);
    expect(await told('list', '--trigger', 'manual')).not.toContain('morning');
    expect(await told('disable', 'other')).toContain('other: disabled');
    expect(await told('list', '--disabled')).not.toContain('morning');
    cli.out = '';
    expect(await cli.run('cron', 'list', '--json')).toBe(0);
    expect(JSON.parse(cli.out).routines).toHaveLength(2);
    expect(await told('enable', 'other')).toContain('other: unverified');
  });

  test('tells how late starts came', async () => {
    expect(await told('list')).not.toContain('Lateness');
    running.assistant.routines.setLateness({
      runs: 7,
      p50Ms: 4,
      p99Ms: 61_500,
      maxMs: 90_000,
      alarmMs: 60_000,
    });
    expect(await told('list')).toContain(
      'Lateness of 7 starts in the last 24 hours: p50 4 ms, p99 61.5 s, at most 90.0 s.',
    );
    cli.out = '';
    expect(await cli.run('doctor', '--json')).toBe(0);
    expect(JSON.parse(cli.out).findings).toContainEqual(
      expect.objectContaining({
        about: 'routines',
        verdict: 'warning',
        text: expect.stringContaining('p99 61.5 s'),
      }),
    );
  });

  test('limits what one may cost a day, and takes the limit back', async () => {
    expect(await told('edit', 'morning', '--budget', '0.5')).toContain(
      'costs: $0.00 today, at most $0.50 a day',
    );
    expect(await told('edit', 'morning', '--budget', '0')).not.toContain('costs:');
  });

  test('changes what is said and leaves the rest', async () => {
    await told('edit', 'morning', '--timezone', 'Asia/Tokyo');
    expect(await morning()).toMatchObject({
      trigger: { schedule: '0 0 * * *', timezone: 'Asia/Tokyo' },
      action: { prompt: 'Say what is on.' },
    });
    await told('update', 'morning', 'Something else.', '--schedule', '0 1 * * *');
    expect(await morning()).toMatchObject({
      trigger: { schedule: '0 1 * * *', timezone: 'Asia/Tokyo' },
      action: { prompt: 'Something else.' },
    });
    expect(await refused('edit', 'morning')).toContain('Say what to change');
  });

  test('starts one, and tells how it went and what did not run', async () => {
    expect(await told('run', 'other')).toContain('Started (run run-1)');
    const run: RoutineRun = {
      id: 'run-1',
      routineId: 'routine-2',
      trigger: 'manual',
      cause: 'by hand',
      dueAt: null,
      startedAt: '2030-01-01T00:00:00.000Z',
      completedAt: null,
      status: 'attention',
      summary: 'Two\nthings \x1b[31mopen.',
      tokensUsed: 12,
      jobId: null,
      conversationId: 'run-run-1',
      lateMs: null,
    };
    running.assistant.routines.addRun('other', run);
    expect(await told('history', 'other')).toMatch(
      /Tue 2030-01-01 00:00 +attention +by hand +12 +run-1 +Two things open\./,
    );
    const due = { routineId: 'routine-1', runId: null, reason: 'nothing ran then' };
    running.assistant.routines.addDue({ ...due, dueAt: '2029-12-31T00:00:00.000Z', state: 'missed' });
    expect(await told('due', 'morning')).toMatch(/Mon 2029-12-31 00:00 +missed +nothing ran then/);
  });

  test('tells next times of a schedule, of a routine, of all', async () => {
    expect(await told('next', '0 0 1 * 1')).toContain('On the 1st and on Mondays.');
    expect(await told('next', '0 0 31 2 *')).toContain('February has no 31st');
    expect(await told('next', 'morning')).toContain('Wed 2030-01-02 00:00');
    expect(await told('next')).not.toContain('other');
  });

  test('deletes after a yes', async () => {
    expect(await refused('rm', 'morning')).toContain('Say --yes.');
    expect(await told('delete', 'morning', '-y')).toContain('Deleted morning.');
    expect(await refused('show', 'mornin')).toContain('There is no routine "mornin".');
    expect(await refused('show', 'othr')).toContain('Did you mean "other"?');
  });
});
