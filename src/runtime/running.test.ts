import { expect, test } from 'vitest';
import { supervisor } from './index.ts';
import { probeSpec, stage, until } from './test-doubles.ts';

test('a listener is told whose turn it is, and when nobody works any more', async () => {
  const told: (string | undefined)[] = [];
  const { system } = await stage(supervisor({ children: [probeSpec([], 'a'), probeSpec([], 'b')] }));
  system.onRunning((path) => told.push(path));
  system.send('a', { type: 'first' });
  system.send('b', { type: 'second' });
  await until(() => told.length > 0 && told.at(-1) === undefined);
  expect(told).toEqual(['root/a', 'root/b', undefined]);
  await system.stop();
});
