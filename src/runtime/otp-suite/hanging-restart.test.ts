/** OTP's supervisor_SUITE.erl: nothing hangs, neither on a child that never comes back nor on one that never goes. */
import { describe, expect, test } from 'vitest';
import { type AnyActorRef, fromCallback } from 'xstate';
import {
  type ChildSpec,
  deleteChild,
  link,
  restartChild,
  type SupervisorOptions,
  startChild,
  startInstance,
  terminateChild,
  terminateInstance,
  trapExits,
  unlink,
} from '../index.ts';
import { probeSpec, quiet } from '../test-doubles.ts';
import { type Flaky, flaky, statesOf } from './doubles.ts';
import { countsOf, end, exitsOf, refOf, type Supervised, started, supervise } from './testing.ts';

const DONE = { ok: true, value: undefined };
const refusal = (kind: string) => ({ ok: false, error: { kind } });

/** More attempts than any of these tests lasts. */
const PATIENT = { intensity: 10_000 };

interface Hanging extends Supervised {
  readonly failing: Flaky;
  readonly log: string[];
}

/** The second of three children fails to come back. */
async function hanging(options: Partial<SupervisorOptions> = {}): Promise<Hanging> {
  const log: string[] = [];
  const failing = flaky(log, 'child2');
  const children = [probeSpec(log, 'child1'), failing.spec, probeSpec(log, 'child3')];
  const supervised = await supervise({ ...PATIENT, children, ...options });
  await end(refOf(supervised.sup, 'child2'), 'killed');
  return { ...supervised, failing, log };
}

/** Whether it is still tried. */
async function isTried(failing: Flaky): Promise<boolean> {
  const before = failing.attempts;
  await quiet();
  return failing.attempts > before;
}

describe('hanging_restart_loop', () => {
  test('hanging_restart_loop: the child is known to be restarting, and cannot be started or deleted', async () => {
    const { sup, failing } = await hanging();
    expect(await isTried(failing)).toBe(true);
    expect(await startChild(sup, failing.spec)).toEqual(refusal('already-present'));
    expect(await restartChild(sup, 'child2')).toEqual(refusal('restarting'));
    expect(await deleteChild(sup, 'child2')).toEqual(refusal('restarting'));
    expect(statesOf(sup)).toEqual([
      ['child3', 'alive'],
      ['child2', 'restarting'],
      ['child1', 'alive'],
    ]);
  });

  test('hanging_restart_loop: terminating the child ends the loop, and it can be restarted later', async () => {
    const { sup, failing } = await hanging();
    expect(await terminateChild(sup, 'child2')).toEqual(DONE);
    expect(await isTried(failing)).toBe(false);
    expect(statesOf(sup)[1]).toEqual(['child2', undefined]);
    failing.broken = false;
    expect(started(await restartChild(sup, 'child2'))).toBe(refOf(sup, 'child2'));
  });

  test('hanging_restart_loop: the child that can start again is back', async () => {
    const { sup, failing } = await hanging();
    failing.broken = false;
    await quiet();
    expect(countsOf(sup)).toEqual([3, 3, 0, 3]);
    expect(await isTried(failing)).toBe(false);
  });

  test('hanging_restart_loop: the supervisor can be shut down in the middle of it', async () => {
    const { sup, system, failing, log } = await hanging();
    const exits = exitsOf({ sup });
    await system.stop();
    await quiet();
    expect(exits).toEqual({ sup: { kind: 'shutdown' } });
    expect(log.slice(-2)).toEqual(['-child3', '-child1']);
    expect(await isTried(failing)).toBe(false);
  });
});

describe('hanging_restart_loop_rest_for_one', () => {
  const options = { strategy: 'rest_for_one' } as const;

  test('hanging_restart_loop_rest_for_one: those before it run, those after it do not', async () => {
    const { sup, failing } = await hanging(options);
    expect(await isTried(failing)).toBe(true);
    expect(await startChild(sup, failing.spec)).toEqual(refusal('already-present'));
    expect(await restartChild(sup, 'child2')).toEqual(refusal('restarting'));
    expect(await deleteChild(sup, 'child2')).toEqual(refusal('restarting'));
    expect(await startChild(sup, probeSpec([], 'child3'))).toEqual(refusal('already-present'));
    expect(statesOf(sup)).toEqual([
      ['child3', undefined],
      ['child2', 'restarting'],
      ['child1', 'alive'],
    ]);
    expect(countsOf(sup)).toEqual([3, 1, 0, 3]);
  });

  test('hanging_restart_loop_rest_for_one: once it is terminated, those after it stay down', async () => {
    const { sup, failing } = await hanging(options);
    expect(await terminateChild(sup, 'child2')).toEqual(DONE);
    expect(await isTried(failing)).toBe(false);
    expect(statesOf(sup)).toEqual([
      ['child3', undefined],
      ['child2', undefined],
      ['child1', 'alive'],
    ]);
    failing.broken = false;
    started(await restartChild(sup, 'child2'));
    expect(statesOf(sup)[0]).toEqual(['child3', undefined]);
    started(await restartChild(sup, 'child3'));
    expect(countsOf(sup)).toEqual([3, 3, 0, 3]);
  });

  test('hanging_restart_loop_rest_for_one: once it is back, so are those after it', async () => {
    const { sup, failing, log } = await hanging(options);
    log.length = 0;
    failing.broken = false;
    await quiet();
    expect(log).toEqual(['+child2', '+child3']);
    expect(countsOf(sup)).toEqual([3, 3, 0, 3]);
  });

  test('hanging_restart_loop_rest_for_one: the supervisor can be shut down in the middle of it', async () => {
    const { sup, system, failing, log } = await hanging(options);
    const exits = exitsOf({ sup });
    await system.stop();
    await quiet();
    expect(exits).toEqual({ sup: { kind: 'shutdown' } });
    expect(log.slice(-2)).toEqual(['-child3', '-child1']);
    expect(await isTried(failing)).toBe(false);
  });
});

describe('hanging_restart_loop_simple', () => {
  async function instance(): Promise<Hanging & { readonly former: AnyActorRef }> {
    const log: string[] = [];
    const failing = flaky(log, 'child');
    const supervised = await supervise({
      ...PATIENT,
      strategy: 'simple_one_for_one',
      children: [failing.spec],
    });
    const former = started(await startInstance(supervised.sup));
    await end(former, 'killed');
    return { ...supervised, failing, log, former };
  }

  test('hanging_restart_loop_simple: the instance is known to be restarting, and refused by its id', async () => {
    const { sup, failing } = await instance();
    expect(await isTried(failing)).toBe(true);
    expect(statesOf(sup).map(([, state]) => state)).toEqual(['restarting']);
    expect(countsOf(sup)).toEqual([1, 0, 0, 1]);
    const [[id] = ['']] = statesOf(sup);
    expect(await restartChild(sup, id)).toEqual(refusal('simple-one-for-one'));
    expect(await deleteChild(sup, id)).toEqual(refusal('simple-one-for-one'));
    expect(await terminateChild(sup, id)).toEqual(refusal('simple-one-for-one'));
  });

  test('hanging_restart_loop_simple: it is terminated by the reference that it last ran with', async () => {
    const { sup, failing, former } = await instance();
    expect(await terminateInstance(sup, former)).toEqual(DONE);
    expect(await isTried(failing)).toBe(false);
    expect(statesOf(sup)).toEqual([]);
    failing.broken = false;
    started(await startInstance(sup));
    expect(countsOf(sup)).toEqual([1, 1, 0, 1]);
  });

  test('hanging_restart_loop_simple: once it is back, the former reference is nobody any more', async () => {
    const { sup, failing, former } = await instance();
    failing.broken = false;
    await quiet();
    expect(await terminateInstance(sup, former)).toEqual(DONE);
    expect(countsOf(sup)).toEqual([1, 1, 0, 1]);
  });

  test('hanging_restart_loop_simple: the supervisor can be shut down in the middle of it', async () => {
    const { sup, system, failing } = await instance();
    const exits = exitsOf({ sup });
    await system.stop();
    await quiet();
    expect(exits).toEqual({ sup: { kind: 'shutdown' } });
    expect(await isTried(failing)).toBe(false);
  });
});

describe('child_unlink', () => {
  /** Traps exits, and hears nothing of what it is told. */
  const naughty: ChildSpec = {
    id: 'naughty',
    logic: fromCallback(() => {}),
    graceful: true,
    shutdown: 1_000,
  };

  async function terminating(): Promise<Supervised & { readonly terminated: Promise<unknown> }> {
    const supervised = await supervise({ children: [naughty] });
    const { sup } = supervised;
    const child = refOf(sup, 'naughty');
    link(child, sup);
    trapExits(child);
    unlink(child, sup);
    return { ...supervised, terminated: terminateChild(sup, 'naughty') };
  }

  test('child_unlink: terminating a child that is linked with nobody and ignores everything does not hang', async () => {
    const { sup, clock, terminated } = await terminating();
    const exits = exitsOf({ naughty: refOf(sup, 'naughty') });
    await quiet();
    clock.increment(1_000);
    expect(await terminated).toEqual(DONE);
    await quiet();
    expect(exits).toEqual({ naughty: { kind: 'killed' } });
    expect(statesOf(sup)).toEqual([['naughty', undefined]]);
  });

  test('child_unlink: its supervisor serves others meanwhile', async () => {
    const { sup, clock, terminated } = await terminating();
    started(await startChild(sup, probeSpec([], 'other')));
    expect(countsOf(sup)).toEqual([2, 2, 0, 2]);
    await end(refOf(sup, 'other'), 'killed');
    expect(refOf(sup, 'other').getSnapshot().status).toBe('active');
    clock.increment(1_000);
    await terminated;
  });
});
