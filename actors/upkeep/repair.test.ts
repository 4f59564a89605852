import { expect, test } from 'vitest';
import { failureStatement, sourceStatement, toolFailures } from '../../src/repair/index.ts';
import { type Bench, openBench, until } from '../testing/bench.ts';

const REPAIR = { enabled: true, afterFailures: 5, maxAttempts: 3 };

/** A tool that counts as broken, and was installed from somewhere. */
async function breakTool({ database }: Bench): Promise<void> {
  const failure = {
    tool: 'weather',
    version: 'one',
    count: 5,
    lastError: 'It crashed.',
    conversationId: 'talk',
  };
  const now = Date.now();
  await database.commit([failureStatement({ ...failure, brokenAt: now }, null, now)]);
}

const jobs = ({ assistant }: Bench) => assistant.work.list({ filter: 'all', limit: 5 });

test('one click orders the repair, and another before it has ended does not order a second', async () => {
  let answer = (_: string): void => {};
  await using bench = await openBench({
    script: () => new Promise((resolve) => (answer = resolve)),
    repair: REPAIR,
  });
  const { upkeep } = bench.assistant;
  expect(await upkeep.repair('weather', '')).toMatchObject({ ok: false, kind: 'unknown' });
  await breakTool(bench);
  expect(await upkeep.repair('weather', '')).toMatchObject({
    ...{ ok: false, kind: 'refused' },
    message: expect.stringContaining('Nobody noted where the source of weather is.'),
  });
  await bench.database.commit([sourceStatement('weather', '/files/weather')]);
  const both = await Promise.all([upkeep.repair('weather', ''), upkeep.repair('weather', '')]);
  expect(both).toMatchObject([{ ok: true }, { ok: true }]);
  await until(() => bench.modelCalls() === 1);
  const [job, ...others] = await jobs(bench);
  expect(others).toEqual([]);
  expect(both.map((one) => one.ok && one.job)).toEqual([job?.id, job?.id]);
  expect(job).toMatchObject({ title: 'Repair the tool weather', by: { kind: 'user', conversationId: null } });
  expect(await toolFailures(bench.database, 'weather')).toMatchObject([{ attempts: 1, job: job?.id }]);
  expect(await upkeep.repair('weather', '')).toMatchObject({
    ...{ ok: false, kind: 'refused' },
    message: `The job ${job?.id} is at it already.`,
  });
  answer('I could not find what is wrong.');
});

test('a tool whose source nobody noted is repaired where the user says it is', async () => {
  await using bench = await openBench({ script: () => 'done', repair: REPAIR });
  await breakTool(bench);
  expect(await bench.assistant.upkeep.tools()).toMatchObject([
    { tool: 'weather', broken: true, source: null },
  ]);
  const ordered = await bench.assistant.upkeep.repair('weather', '/files/weather');
  const job = await bench.assistant.work.get(ordered.ok ? ordered.job : '');
  expect(job?.description).toContain('Its source is at /files/weather.');
});
