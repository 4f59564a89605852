import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { LogEntry } from '../core/logs.ts';
import { createLogRing } from './log-desk.ts';

function openLog() {
  const ring = createLogRing();
  const log = pino({ level: 'info', base: null }, ring.stream);
  return { log, desk: ring.desk(log) };
}

test('the latest 500 lines are kept, in order and without gaps', () => {
  const { log, desk } = openLog();
  for (let number = 1; number <= 1_203; number++) log.info({ number }, 'a line');
  const numbers = desk.lines().map(({ fields, number }) => [fields.number, number]);
  expect(numbers).toEqual(Array.from({ length: 500 }, (_, at) => [704 + at, 704 + at]));
});

test('fewer lines than that are kept from the first on', () => {
  const { log, desk } = openLog();
  expect(desk.lines()).toEqual([]);
  log.warn({ conversationId: 'talk' }, 'slow');
  expect(desk.lines()).toMatchObject([
    {
      number: 1,
      level: 'warn',
      target: 'conversations',
      message: 'slow',
      fields: { conversationId: 'talk' },
    },
  ]);
});

test('whoever looks on is told of each new line, until the end', () => {
  const { log, desk } = openLog();
  const seen: LogEntry[] = [];
  const stop = desk.watch((entry) => seen.push(entry));
  log.error({ err: new Error('broken') }, 'one');
  stop();
  log.error('two');
  expect(seen).toMatchObject([{ level: 'error', message: 'one', fields: { err: { message: 'broken' } } }]);
});

test('the level counts from the next line on', () => {
  const { log, desk } = openLog();
  log.debug('before');
  desk.setLevel('debug');
  log.debug('after');
  desk.setLevel('silent');
  log.fatal('never');
  expect(desk.lines().map(({ message }) => message)).toEqual(['after']);
  expect(desk.level()).toBe('silent');
});
