import { expect, test } from 'vitest';
import { openBench } from '../testing/bench.ts';

test('/cost answers with what was spent, without the model', async () => {
  await using bench = await openBench({ script: () => 'not asked' });
  await bench.say('/cost');
  const { text } = await bench.waitFor('turn.replied');
  expect(text).toMatch(/^```\n +spent +set aside +limit\ntoday +\$0\.00/);
  expect(bench.modelCalls()).toBe(0);
});
