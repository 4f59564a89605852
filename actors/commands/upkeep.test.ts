import { describe, expect, test } from 'vitest';
import { latestBeats } from '../../src/heartbeat/index.ts';
import { failureStatement, sourceStatement, toolFailures } from '../../src/repair/index.ts';
import { type Bench, openBench } from '../testing/bench.ts';

const HALF_HOURLY = { enabled: true, everyMs: 1_800_000, quiet: { from: 22 * 60, to: 7 * 60 } };
const REPAIR = { enabled: true, afterFailures: 5, maxAttempts: 1 };

const openQuiet = (): Promise<Bench> =>
  openBench({ script: () => 'HEARTBEAT_OK', heartbeat: HALF_HOURLY, repair: REPAIR });

/** What a command answers. */
async function answer(bench: Bench, typed: string): Promise<string> {
  const last = (await bench.entries()).at(-1)?.seq ?? 0;
  await bench.say(typed);
  return (await bench.waitFor('turn.replied', ({ seq }) => seq > last)).text;
}

describe('/heartbeat', () => {
  test('says when it looks, or that there is nothing to look after', async () => {
    await using bench = await openQuiet();
    expect(await answer(bench, '/heartbeat')).toContain('HEARTBEAT.md asks for nothing');
    expect(await answer(bench, '/heartbeat run')).toContain('HEARTBEAT.md asks for nothing');
    expect(await latestBeats(bench.database, 5)).toEqual([]);
    await write(bench);
    expect(await answer(bench, '/heartbeat')).toBe('It looks every 30 minutes, not from 22:00 to 07:00.');
  });

  test('run: has the tree look at once', async () => {
    await using bench = await openQuiet();
    await write(bench);
    expect(await answer(bench, '/heartbeat run')).toContain('It looks.');
    while ((await latestBeats(bench.database, 1))[0]?.state !== 'silent')
      await new Promise((resolve) => setImmediate(resolve));
    expect(await answer(bench, '/heartbeat')).toContain('nothing to say');
  });
});

async function write({ database, memory }: Bench): Promise<void> {
  const source = { by: 'user' } as const;
  await database.commit(memory.writeStatements('HEARTBEAT.md', '- call Ann', { append: false, source }));
}

describe('/repair', () => {
  const fail = ({ database }: Bench, count: number) =>
    database.commit([
      failureStatement(
        {
          tool: 'weather',
          version: 'one',
          count,
          lastError: 'It crashed.',
          conversationId: 'talk',
          brokenAt: count >= 5 ? Date.now() : null,
        },
        null,
        Date.now(),
      ),
    ]);

  test('alone, tells the tools that fail', async () => {
    await using bench = await openQuiet();
    expect(await answer(bench, '/repair')).toBe('No tool fails.');
    await fail(bench, 5);
    expect(await answer(bench, '/repair')).toBe(
      '- **weather**: broken, failed 5 times, lastly with: It crashed.',
    );
  });

  test('orders a job for a tool whose source is known or given, as often as is allowed, then leaves it alone', async () => {
    await using bench = await openQuiet();
    expect(await answer(bench, '/repair weather')).toContain('Nothing is known');
    await fail(bench, 5);
    expect(await answer(bench, '/repair weather')).toBe(
      'Nobody noted where the source of weather is. Say where: /repair weather PATH',
    );
    await bench.database.commit([sourceStatement('weather', '/files/weather')]);
    expect(await answer(bench, '/repair weather')).toMatch(/^The job \S+ repairs weather\./);
    const [job] = await bench.assistant.work.list({ filter: 'all', limit: 5 });
    const detail = await bench.assistant.work.get(job?.id ?? '');
    expect(detail?.description).toContain('Its source is at /files/weather.');
    expect(detail?.description).toContain('<error>\nIt crashed.\n</error>');
    expect(detail).toMatchObject({ title: 'Repair the tool weather', origins: ['the tool weather'] });
    expect(await toolFailures(bench.database, 'weather')).toMatchObject([{ attempts: 1, job: job?.id }]);
    expect(await answer(bench, '/repair weather')).toContain('it is left alone');
  });
});
