/** OTP's supervisor_SUITE.erl: how a supervisor stops its children. */
import { describe, expect, test } from 'vitest';
import {
  type RestartType,
  type RuntimeReport,
  startChild,
  startInstance,
  supervisor,
  whichChildren,
} from '../index.ts';
import { quiet, typesOf } from '../test-doubles.ts';
import { type Ending, end, exitsOf, REASONS, refOf, started, supervise, workerSpec } from './testing.ts';

const RESTARTS: readonly RestartType[] = ['temporary', 'transient', 'permanent'];
const KILLED = { kind: 'killed' };
const SHUTDOWN = { kind: 'shutdown' };

/** What was reported of children that did not end as they should: id, reason and how many. */
function shutdownErrors(reports: readonly RuntimeReport[]): readonly unknown[] {
  return reports.flatMap((report) => {
    if (report.type !== 'supervisor_report' || report.errorContext !== 'shutdown_error') return [];
    const { id, nbChildren } = report.offender;
    return [nbChildren === undefined ? [id, report.reason] : [report.reason, nbChildren]];
  });
}

test('sup_stop_infinity: a worker and a supervisor have all the time they need, and exit with shutdown', async () => {
  const { sup, system, clock, reports } = await supervise();
  const inner = supervisor({ children: [workerSpec('grandchild', { shutdown: 'infinity' })] });
  const child1 = started(await startChild(sup, { id: 'child1', logic: inner, shutdown: 'infinity' }));
  const child2 = started(await startChild(sup, workerSpec('child2', { shutdown: 'infinity' })));
  const grandchild = refOf(child1, 'grandchild');
  const exits = exitsOf({ sup, child1, child2, grandchild });
  for (const sleeper of [child2, grandchild]) sleeper.send({ type: 'sleep' });
  await quiet();
  const stopped = system.stop();
  clock.increment(24 * 3_600_000);
  await quiet();
  expect(exits).toEqual({});
  child2.send({ type: 'wake' });
  await quiet();
  clock.increment(24 * 3_600_000);
  await quiet();
  expect(exits).toEqual({ child2: SHUTDOWN });
  grandchild.send({ type: 'wake' });
  await stopped;
  await quiet();
  expect(exits).toEqual({ child2: SHUTDOWN, grandchild: SHUTDOWN, child1: SHUTDOWN, sup: SHUTDOWN });
  expect(typesOf(reports)).toEqual([]);
});

describe('sup_stop_timeout', () => {
  test('sup_stop_timeout: a child that obeys exits with shutdown, one that sleeps is killed when its time is over', async () => {
    const { sup, system, clock, reports } = await supervise();
    const child1 = started(await startChild(sup, workerSpec('child1')));
    const child2 = started(await startChild(sup, workerSpec('child2')));
    const exits = exitsOf({ sup, child1, child2 });
    child2.send({ type: 'sleep' });
    await quiet();
    const stopped = system.stop();
    clock.increment(999);
    await quiet();
    expect(exits).toEqual({});
    clock.increment(1);
    await stopped;
    await quiet();
    expect(exits).toEqual({ child2: KILLED, child1: SHUTDOWN, sup: SHUTDOWN });
    expect(shutdownErrors(reports)).toEqual([['child2', KILLED]]);
  });

  test('sup_stop_timeout_dynamic: instances are told together, and only those that sleep are killed', async () => {
    const children = [workerSpec('child', { restart: 'temporary' })];
    const { sup, system, clock, reports } = await supervise({ strategy: 'simple_one_for_one', children });
    const child1 = started(await startInstance(sup));
    const child2 = started(await startInstance(sup));
    const exits = exitsOf({ sup, child1, child2 });
    child2.send({ type: 'sleep' });
    await quiet();
    const stopped = system.stop();
    clock.increment(999);
    await quiet();
    expect(exits).toEqual({ child1: SHUTDOWN });
    clock.increment(1);
    await stopped;
    await quiet();
    expect(exits).toEqual({ child1: SHUTDOWN, child2: KILLED, sup: SHUTDOWN });
    expect(shutdownErrors(reports)).toEqual([[KILLED, 1]]);
  });
});

describe('sup_stop_brutal_kill', () => {
  test('sup_stop_brutal_kill: a child of that kind is killed unasked, the others are asked', async () => {
    const { sup, system, reports } = await supervise();
    const child1 = started(await startChild(sup, workerSpec('child1')));
    const child2 = started(await startChild(sup, workerSpec('child2', { shutdown: 'brutal_kill' })));
    const exits = exitsOf({ sup, child1, child2 });
    await system.stop();
    await quiet();
    expect(exits).toEqual({ child2: KILLED, child1: SHUTDOWN, sup: SHUTDOWN });
    expect(typesOf(reports)).toEqual([]);
  });

  test('sup_stop_brutal_kill_dynamic: all instances are killed, and the supervisor exits with shutdown', async () => {
    const children = [workerSpec('child', { restart: 'temporary', shutdown: 'brutal_kill' })];
    const { sup, system, reports } = await supervise({ strategy: 'simple_one_for_one', children });
    const instances = await Promise.all(Array.from({ length: 10 }, () => startInstance(sup)));
    const exits = exitsOf({
      ...Object.fromEntries(instances.map((instance, n) => [n, started(instance)])),
      sup,
    });
    await system.stop();
    await quiet();
    expect(exits).toEqual({ ...Array(10).fill(KILLED), sup: SHUTDOWN });
    expect(typesOf(reports)).toEqual([]);
  });
});

test('sup_stop_race: children that exit by themselves during the shutdown keep their own reasons', async () => {
  const { sup, system, reports } = await supervise();
  const endings: readonly Ending[] = ['normal', 'shutdown', 'info', 'abnormal'];
  const races = RESTARTS.flatMap((restart) =>
    endings.map((ending) => ({ id: `${restart} ${ending}`, restart, ending })),
  );
  const temporary = { restart: 'temporary' } as const;
  await startChild(sup, workerSpec('a', temporary));
  for (const { id, restart } of races) await startChild(sup, workerSpec(id, { restart }));
  await startChild(sup, workerSpec('z', { ...temporary, shutdown: 2_000 }));
  const refs = whichChildren(sup).map(({ id }) => [id, refOf(sup, id)]);
  const exits = exitsOf({ ...Object.fromEntries(refs), sup });
  const z = refOf(sup, 'z');
  z.send({ type: 'sleep' });
  await quiet();
  const stopped = system.stop();
  for (const { id, ending } of races) await end(refOf(sup, id), ending);
  const ended = Object.fromEntries(races.map(({ id, ending }) => [id, REASONS[ending]]));
  expect(exits).toEqual(ended);
  z.send({ type: 'wake' });
  await stopped;
  await quiet();
  expect(exits).toEqual({ ...ended, z: SHUTDOWN, a: SHUTDOWN, sup: SHUTDOWN });
  expect(shutdownErrors(reports)).toEqual([
    ['temporary abnormal', REASONS.abnormal],
    ['transient abnormal', REASONS.abnormal],
    ['permanent normal', REASONS.normal],
    ['permanent info', REASONS.info],
    ['permanent abnormal', REASONS.abnormal],
  ]);
});

test.each([
  ['temporary', [[REASONS.abnormal, 2]]],
  ['transient', [[REASONS.abnormal, 2]]],
  [
    'permanent',
    [
      [REASONS.info, 1],
      [REASONS.abnormal, 2],
    ],
  ],
] as const)(
  'sup_stop_non_shutdown_exit_dynamic: %s instances that end otherwise when told do not hold up the supervisor',
  async (restart, errors) => {
    const children = [workerSpec('child', { restart })];
    const { sup, system, reports } = await supervise({ strategy: 'simple_one_for_one', children });
    const normal = started(await startInstance(sup, 'normal'));
    const info = started(await startInstance(sup, 'info'));
    const abnormal = started(await startInstance(sup, 'abnormal'));
    const another = started(await startInstance(sup, 'abnormal'));
    const asleep = started(await startInstance(sup));
    const exits = exitsOf({ normal, info, abnormal, another, asleep, sup });
    asleep.send({ type: 'sleep' });
    await quiet();
    const stopped = system.stop();
    await end(asleep, 'shutdown');
    await stopped;
    await quiet();
    expect(exits).toEqual({
      normal: SHUTDOWN,
      info: REASONS.info,
      abnormal: REASONS.abnormal,
      another: REASONS.abnormal,
      asleep: SHUTDOWN,
      sup: SHUTDOWN,
    });
    expect(new Set(shutdownErrors(reports))).toEqual(new Set(errors));
  },
);
