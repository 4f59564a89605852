import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { LIGHTWEIGHT } from '../../src/core/routine-actions.ts';
import { createMemoryRoutines, type MemoryRoutines } from '../../src/routines/testing/memory-routines.ts';
import { type Bench, openBench } from '../testing/bench.ts';
import { routine, routines } from './routines.ts';
import type { SlashCommand } from './slash-command.ts';

let bench: Bench;
let desk: MemoryRoutines;
beforeAll(async () => {
  bench = await openBench({ script: () => '' });
});
afterAll(() => bench[Symbol.asyncDispose]());
beforeEach(async () => {
  desk = createMemoryRoutines({ now: () => Date.UTC(2026, 2, 1, 12) });
  await desk.create(
    {
      name: 'tidy up',
      description: '',
      trigger: { kind: 'cron', schedule: '0 0 * * *', timezone: 'UTC' },
      action: { ...LIGHTWEIGHT, kind: 'lightweight', prompt: 'Tidy.' },
      conversationId: null,
      by: 'user',
      origins: [],
    },
    'made',
  );
});

async function type(command: SlashCommand, argument = ''): Promise<string> {
  const call = { conversationId: 'c', turnId: 't', effectId: 'e', entries: [], argument };
  const env = { ...bench.env, routines: desk };
  return (await command.run({ ...call, env, signal: new AbortController().signal })).text;
}

test('/routines lists them with their next times', async () => {
  expect(await type(routines)).toMatch(
    /^- \*\*tidy up\*\* \(unverified\): at 0 0 \* \* \* \(UTC\), next Mon 2026-03-02/,
  );
  await desk.remove('tidy up');
  expect(await type(routines)).toContain('There are no routines');
});

test('/routine tells one, with its next five times', async () => {
  const text = await type(routine, '"tidy up"');
  expect(text).toContain('Tidy.');
  expect(text.match(/^- /gm)).toHaveLength(5);
});

test('/routine NAME run starts it, once for the same command', async () => {
  expect(await type(routine, 'tidy up run')).toContain('is started');
  await type(routine, 'tidy up run');
  expect(await desk.runs('tidy up', 9)).toHaveLength(1);
  expect(await type(routine, 'tidy up history')).toMatch(/^- Sun 2026-03-01 .* running \(by hand\)$/);
});

test('/routine NAME off and on', async () => {
  expect(await type(routine, 'tidy up OFF')).toContain('(disabled)');
  expect(await type(routine, 'tidy up on')).toContain('(unverified)');
});

test('/routine helps with what it does not know', async () => {
  expect(await type(routine)).toContain('/routines lists them');
  expect(await type(routine, 'tidi up run')).toBe('There is no routine "tidi up". Did you mean "tidy up"?');
});
