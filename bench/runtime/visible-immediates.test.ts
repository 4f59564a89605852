import { expect, test } from 'vitest';
import { showImmediates } from './visible-immediates.ts';

test('what is put off comes later and in order, and what is cancelled never', async () => {
  using _ = showImmediates();
  const log: string[] = [];
  const done = new Promise<void>((resolve) => {
    setImmediate(() => log.push('first'));
    clearImmediate(setImmediate(() => log.push('cancelled')));
    setImmediate(() => {
      log.push('last');
      resolve();
    });
  });
  log.push('now');
  await done;
  expect(log).toEqual(['now', 'first', 'last']);
});

test('afterwards everything is as it was', () => {
  const before = [setImmediate, clearImmediate];
  showImmediates()[Symbol.dispose]();
  expect([setImmediate, clearImmediate]).toEqual(before);
});
