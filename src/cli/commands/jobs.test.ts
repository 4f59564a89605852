import { expect, test } from 'vitest';
import { type RunningGateway, runGateway, TOKEN } from '../../gateway/testing/running-gateway.ts';
import { CommandLine } from '../testing/command-line.ts';

/** A command line beside a gateway that runs. */
async function beside(): Promise<{ line: CommandLine; running: RunningGateway }> {
  const running = await runGateway();
  const line = new CommandLine('/nowhere');
  line.running = { url: running.url, pid: 1, version: '1.2.3' };
  line.token = TOKEN;
  return { line, running };
}

test('orders a job with all that it may do, and lists it', async () => {
  const { line, running } = await beside();
  await using _ = running;
  line.stdin.end('Read every file.');
  const flags = [
    '--description',
    '-',
    '--budget',
    '0.5',
    '--minutes',
    '9',
    '--dir',
    'site',
    '--priority',
    'maintenance',
  ];
  expect(await line.run('jobs', 'create', 'Report', ...flags)).toBe(0);
  expect(line.out).toContain('Ordered job-000001.');
  expect(running.assistant.work.orders).toMatchObject([
    {
      title: 'Report',
      description: 'Read every file.',
      priority: 'maintenance',
      projectDir: 'site',
      limits: { budgetMicroUsd: 500_000, minutes: 9, iterations: 50 },
    },
  ]);
  line.out = '';
  expect(await line.run('jobs')).toBe(0);
  expect(line.out).toBe('job-000001  waiting  -  -  Report\n');
  line.out = '';
  expect(await line.run('jobs', 'list', '--filter', 'failed', '--json')).toBe(0);
  expect(JSON.parse(line.out)).toEqual({ jobs: [] });
});

test('waits for a job, shows what it does meanwhile, and ends as it ended', async () => {
  const { line, running } = await beside();
  await using _ = running;
  const { work } = running.assistant;
  const ended = line.run('jobs', 'create', 'Report', '--wait');
  await expect.poll(() => work.orders.length).toBe(1);
  work.move('job-000001', 'inProgress');
  work.say('job-000001', 'tool_use', { tool_name: 'shell', input: { command: 'ls' } });
  await expect.poll(() => line.err).toContain('calls shell {"command":"ls"}');
  work.move('job-000001', 'failed', 'no files', 'There are no files.');
  expect(await ended).toBe(8);
  expect(line.out).toBe('There are no files.\n');
});

test('follows what a job does, each thing once, until it has ended', async () => {
  const { line, running } = await beside();
  await using _ = running;
  const { work } = running.assistant;
  await line.run('jobs', 'create', 'Report');
  line.out = '';
  const say = (content: string) => work.say('job-000001', 'message', { role: 'assistant', content });
  say('one');
  const ended = line.run('jobs', 'events', 'job-0', '-f');
  await line.printed('one');
  say('two');
  await line.printed('two');
  say('three');
  work.move('job-000001', 'completed', '', 'Done.');
  expect(await ended).toBe(0);
  expect(line.out.match(/one|two|three|It is \w+/g)).toEqual(['one', 'two', 'three', 'It is done']);
});

test('shows, prompts, judges, cancels and begins jobs anew', async () => {
  const { line, running } = await beside();
  await using _ = running;
  const { work } = running.assistant;
  await line.run('jobs', 'create', 'Report');
  work.move('job-000001', 'inProgress', 'picked');
  expect(await line.run('jobs', 'prompt', 'job-000001', 'Use metric units', '--done')).toBe(0);
  expect(work.prompts).toEqual(['job-000001: Use metric units (done)']);
  expect(await line.run('jobs', 'cancel', 'job-000001', '--reason', 'too slow')).toBe(0);
  line.out = '';
  expect(await line.run('jobs', 'show', 'job-000001')).toBe(0);
  expect(line.out).toMatch(/state +cancelled/);
  expect(line.out).toContain('cancelled: too slow');
  expect(await line.run('jobs', 'cancel', 'job-000001')).toBe(2);
  expect(line.err).toContain('has ended already: it is cancelled');
  expect(await line.run('jobs', 'restart', 'job-000001')).toBe(0);
  work.move('job-000002', 'completed', '', 'Done.');
  expect(await line.run('jobs', 'accept', 'job-000002')).toBe(0);
  expect((await work.get('job-000002'))?.state).toBe('accepted');
});

test('lists the files of a job, and prints one', async () => {
  const { line, running } = await beside();
  await using _ = running;
  const { work } = running.assistant;
  await line.run('jobs', 'create', 'Report');
  work.contents.set('out', null).set('out/a.md', '# A').set('b.txt', 'text');
  line.out = '';
  await line.run('jobs', 'files', 'job-000001');
  expect(line.out).toBe('out/\nb.txt  4 bytes\n');
  line.out = '';
  await line.run('jobs', 'files', 'job-000001', 'out/a.md');
  expect(line.out).toBe('# A\n');
  expect(await line.run('jobs', 'files', 'job-000001', 'none')).toBe(2);
  expect(line.err).toContain('There is no file none.');
});

test.each([
  [['create', 'x', '--budget', 'much'], '--budget is a number above 0'],
  [['create', 'x', '--mode', 'worker', '--credential', 'github'], 'names no secret and variable'],
  [['list', '--limit', '0'], '--limit is a number from 1 to 500'],
  [['show', 'nothing'], 'There is no job nothing.'],
  [['create', 'x', '--mode', 'worker'], 'systemctl start docker'],
])('%j is refused and told why', async (argv, why) => {
  const { line, running } = await beside();
  await using _ = running;
  expect(await line.run('jobs', ...argv)).toBe(2);
  expect(line.err).toContain(why);
});

test('says where no assistant runs', async () => {
  const line = new CommandLine('/nowhere');
  expect(await line.run('jobs')).toBe(7);
  expect(line.err).toContain('No assistant is running');
});
