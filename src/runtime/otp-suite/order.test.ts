/** OTP's supervisor_SUITE.erl: in what order children start, and stop. */
import { describe, expect, test } from 'vitest';
import { startChild, terminateChild, whichChildren } from '../index.ts';
import { probeSpec } from '../test-doubles.ts';
import { end, refOf, supervise } from './testing.ts';

const IDS = ['child1', 'child2', 'child3', 'child4', 'child5'];

async function five() {
  const log: string[] = [];
  const children = IDS.map((id) => probeSpec(log, id));
  return { log, ...(await supervise({ strategy: 'rest_for_one', children })) };
}

describe('order_of_children', () => {
  test('order_of_children: they start as they are listed, and are known last started first', async () => {
    const { log, sup } = await five();
    expect(log).toEqual(['+child1', '+child2', '+child3', '+child4', '+child5']);
    expect(whichChildren(sup).map(({ id }) => id)).toEqual(IDS.toReversed());
  });

  test('order_of_children: where the third ends, 5 and 4 are stopped, and 3, 4 and 5 started', async () => {
    const { log, sup } = await five();
    log.length = 0;
    await end(refOf(sup, 'child3'), 'killed');
    expect(log).toEqual(['-child3', '-child5', '-child4', '+child3', '+child4', '+child5']);
    expect(whichChildren(sup).map(({ id }) => id)).toEqual(IDS.toReversed());
  });

  test('order_of_children: the supervisor stops them from the last to the first, after a restart too', async () => {
    const { log, sup, system } = await five();
    await end(refOf(sup, 'child3'), 'killed');
    log.length = 0;
    await system.stop();
    expect(log).toEqual(['-child5', '-child4', '-child3', '-child2', '-child1']);
  });

  test('order_of_children: one that was terminated comes back with those before it, where it stood', async () => {
    const { log, sup } = await five();
    await terminateChild(sup, 'child2');
    log.length = 0;
    await end(refOf(sup, 'child1'), 'killed');
    expect(log).toEqual(['-child1', '-child5', '-child4', '-child3', ...IDS.map((id) => `+${id}`)]);
    expect(whichChildren(sup).map(({ id }) => id)).toEqual(IDS.toReversed());
  });

  test('order_of_children: one that is added is the last, and the first to be stopped', async () => {
    const { log, sup, system } = await five();
    await startChild(sup, probeSpec(log, 'child6'));
    expect(whichChildren(sup).map(({ id }) => id)).toEqual([...IDS, 'child6'].toReversed());
    log.length = 0;
    await system.stop();
    expect(log).toEqual([...IDS, 'child6'].toReversed().map((id) => `-${id}`));
  });
});
