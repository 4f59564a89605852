import { describe, expect, test } from 'vitest';
import { macrotask } from '../test-doubles.ts';
import { type Runnable, RunQueue } from './run-queue.ts';

/** So many pieces of work, each noted. */
function worker(log: string[], path: string, pieces: number): Runnable {
  let left = pieces;
  return {
    path,
    run() {
      log.push(path);
      return --left > 0;
    },
  };
}

const timeless = () => 0;

describe('the run queue', () => {
  test('does nothing on the stack of whoever adds', async () => {
    const log: string[] = [];
    new RunQueue(timeless).add(worker(log, 'a', 1));
    expect(log).toEqual([]);
    await macrotask();
    expect(log).toEqual(['a']);
  });

  test('gives everyone a turn of at most 16 pieces, round robin', async () => {
    const log: string[] = [];
    const queue = new RunQueue(timeless);
    for (const name of ['a', 'b', 'c']) queue.add(worker(log, name, 64));
    await macrotask();
    const turns = [...log.join('').matchAll(/a+|b+|c+/g)].map(([turn]) => turn);
    expect(Math.max(...turns.map((turn) => turn.length))).toBe(16);
    expect(turns.map((turn) => turn[0]).join('')).toMatch(/^(abc)+a?b?$/);
    expect(log).toHaveLength(3 * 64);
  });

  test('a flood to one does not keep the others waiting', async () => {
    const log: string[] = [];
    const queue = new RunQueue(timeless);
    queue.add(worker(log, 'flooded', 10_000));
    queue.add(worker(log, 'quiet', 1));
    await macrotask();
    expect(log.indexOf('quiet')).toBeLessThanOrEqual(16);
  });

  test('lets timers and sockets have their turn after two milliseconds', async () => {
    const log: string[] = [];
    let now = 0;
    const slow: Runnable = {
      path: 'slow',
      run() {
        now += 1;
        log.push('slow');
        return log.length < 10;
      },
    };
    new RunQueue(() => now).add(slow);
    await macrotask();
    expect(log.length).toBeLessThanOrEqual(3);
    for (let turn = 0; turn < 10; turn++) await macrotask();
    expect(log).toHaveLength(10);
  });

  test('says who is at work', async () => {
    const queue = new RunQueue(timeless);
    const heard: (string | undefined)[] = [];
    queue.onRunning = (path) => heard.push(path);
    for (const path of ['a', 'b']) {
      queue.add({
        path,
        run() {
          heard.push(`${path} works`);
          return false;
        },
      });
    }
    await macrotask();
    expect(heard).toEqual(['a', 'a works', 'b', 'b works', undefined]);
  });
});
