/** OTP's supervisor_SUITE.erl: how a supervisor and its children start, and fail to. */
import { describe, expect, test } from 'vitest';
import { fromCallback } from 'xstate';
import {
  type ChildSpec,
  IgnoreStart,
  InvalidSpec,
  type RuntimeReport,
  restartChild,
  StartFailure,
  startChild,
  startInstance,
  startSystem,
  supervisor,
  terminateChild,
  whichChildren,
} from '../index.ts';
import { quiet, stage, typesOf } from '../test-doubles.ts';
import { countsOf, exitsOf, started, starterSpec, supervise, workerSpec } from './testing.ts';

const IGNORED = { ok: true, value: { ref: undefined } };

describe('the supervisor', () => {
  test('sup_start_normal: a supervisor without children starts, and exits with shutdown when it is told', async () => {
    const { sup, system, reports } = await supervise();
    const exits = exitsOf({ sup });
    expect(sup.getSnapshot()).toMatchObject({ status: 'active', state: 'running' });
    expect(whichChildren(sup)).toEqual([]);
    await system.stop();
    await quiet();
    expect(exits).toEqual({ sup: { kind: 'shutdown' } });
    expect(typesOf(reports)).toEqual([]);
  });

  test('sup_start_ignore_init: where init ignores, so does the start, and nothing has gone wrong', async () => {
    const reports: RuntimeReport[] = [];
    const ignoring = supervisor(() => 'ignore');
    const starting = startSystem(ignoring, { onReport: (report) => reports.push(report) });
    await expect(starting).rejects.toBeInstanceOf(IgnoreStart);
    expect(reports).toEqual([]);
  });

  test('sup_start_ignore_init: a supervisor among the children ignores its start as any child does', async () => {
    const { sup, system, reports } = await supervise();
    const inner = { id: 'inner', logic: supervisor(() => 'ignore') };
    expect(await startChild(sup, inner)).toEqual(IGNORED);
    expect(whichChildren(sup)).toEqual([{ id: 'inner', child: undefined, type: 'supervisor' }]);
    expect(system.tree().children[0]?.children[0]).toMatchObject({ state: 'stopped', lastExit: 'normal' });
    expect(typesOf(reports)).toEqual([]);
  });

  test('sup_start_error_return: where init returns junk, the start fails and the supervisor exits with that', async () => {
    const junk = supervisor(() => JSON.parse('"invalid"'));
    const message = 'supervisor: options must be an object with children, not "invalid"';
    await expect(startSystem(junk)).rejects.toEqual(expect.objectContaining({ message }));
    await expect(startSystem(junk)).rejects.toBeInstanceOf(InvalidSpec);
    const { sup, reports } = await supervise();
    const reason = expect.objectContaining({ message });
    const failed = { ok: false, error: { kind: 'start-failed', reason } };
    expect(await startChild(sup, { id: 'inner', logic: junk })).toEqual(failed);
    expect(reports.at(-1)).toMatchObject({ type: 'crash_report', actor: 'root/sup/inner', error: reason });
  });

  test('sup_start_fail: where init throws, the start fails and the supervisor exits with what it threw', async () => {
    const reason = new Error('fail');
    const failing = supervisor(() => {
      throw reason;
    });
    expect(await startSystem(failing).catch((error) => error)).toBe(reason);
    const { sup, reports } = await supervise();
    const failed = await startChild(sup, { id: 'inner', logic: failing });
    expect(failed).toEqual({ ok: false, error: { kind: 'start-failed', reason } });
    expect(reports.at(-1)).toMatchObject({ type: 'crash_report', error: reason });
  });
});

describe('a child that ignores its start', () => {
  test('sup_start_ignore_child: a permanent one is known but not running, and may be restarted later', async () => {
    const { sup, reports } = await supervise();
    const ignored = await startChild(sup, starterSpec('child1', ['ignore', 'ok']));
    const ref2 = started(await startChild(sup, workerSpec('child2')));
    expect(ignored).toEqual(IGNORED);
    expect(whichChildren(sup)).toEqual([
      { id: 'child2', child: ref2, type: 'worker' },
      { id: 'child1', child: undefined, type: 'worker' },
    ]);
    expect(countsOf(sup)).toEqual([2, 1, 0, 2]);
    expect(typesOf(reports)).toEqual([]);
    expect(started(await restartChild(sup, 'child1'))).toBe(whichChildren(sup)[1]?.child);
  });

  test('sup_start_ignore_child: one in the list of init does not keep the supervisor from starting', async () => {
    const children = [starterSpec('child1', ['ignore']), workerSpec('child2')];
    const { sup } = await supervise({ children });
    expect(whichChildren(sup)).toMatchObject([{ id: 'child2' }, { id: 'child1', child: undefined }]);
    expect(countsOf(sup)).toEqual([2, 1, 0, 2]);
  });

  test('sup_start_ignore_temporary_child: the specification of one in the list of init is not saved', async () => {
    const restart = 'temporary';
    const children = [starterSpec('child1', ['ignore'], { restart }), workerSpec('child2', { restart })];
    const { sup } = await supervise({ children });
    expect(whichChildren(sup)).toEqual([{ id: 'child2', child: expect.anything(), type: 'worker' }]);
    expect(countsOf(sup)).toEqual([1, 1, 0, 1]);
  });

  test('sup_start_ignore_temporary_child_start_child: nor is that of one that is started later', async () => {
    const { sup } = await supervise();
    const restart = 'temporary';
    const ignored = await startChild(sup, starterSpec('child1', ['ignore'], { restart }));
    expect(ignored).toEqual(IGNORED);
    const child = started(await startChild(sup, workerSpec('child2', { restart })));
    expect(whichChildren(sup)).toEqual([{ id: 'child2', child, type: 'worker' }]);
    expect(countsOf(sup)).toEqual([1, 1, 0, 1]);
  });

  test.each([
    ['sup_start_ignore_temporary_child_start_child_simple', 'temporary'],
    ['sup_start_ignore_permanent_child_start_child_simple', 'permanent'],
  ] as const)('%s: a %s instance leaves nothing behind, and the next one starts', async (_row, restart) => {
    const children = [starterSpec('child', ['ignore', 'ok'], { restart })];
    const { sup, system, reports } = await supervise({ strategy: 'simple_one_for_one', children });
    expect(await startInstance(sup)).toEqual(IGNORED);
    expect(whichChildren(sup)).toEqual([]);
    const child = started(await startInstance(sup));
    expect(whichChildren(sup)).toEqual([{ id: expect.any(String), child, type: 'worker' }]);
    expect(countsOf(sup)).toEqual([1, 1, 0, 1]);
    const exits = exitsOf({ sup });
    await system.stop();
    await quiet();
    expect(exits).toEqual({ sup: { kind: 'shutdown' } });
    expect(typesOf(reports)).toEqual([]);
  });
});

describe('a child that fails to start', () => {
  test.each([
    ['error', 'reason'],
    ['junk', 'error_reason'],
  ] as const)(
    'sup_start_child_returns_error: one whose start ends in %s is told and forgotten',
    async (outcome, message) => {
      const { sup, reports } = await supervise({ intensity: 0 });
      const failed = await startChild(sup, starterSpec('child1', [outcome]));
      expect(failed).toEqual({ ok: false, error: { kind: 'start-failed', reason: new Error(message) } });
      expect(whichChildren(sup)).toEqual([]);
      expect(typesOf(reports)).toEqual([]);
      expect(sup.getSnapshot().status).toBe('active');
    },
  );

  test('sup_start_child_returns_error_simple: an instance is told and forgotten in the same way', async () => {
    const children = [starterSpec('child', ['error', 'junk', 'ok'])];
    const { sup } = await supervise({ strategy: 'simple_one_for_one', intensity: 0, children });
    const failed = (message: string) => ({ error: { kind: 'start-failed', reason: { message } } });
    expect(await startInstance(sup)).toMatchObject(failed('reason'));
    expect(await startInstance(sup)).toMatchObject(failed('error_reason'));
    expect(whichChildren(sup)).toEqual([]);
    expect(await startInstance(sup)).toMatchObject({ ok: true });
  });

  test('sup_start_restart_child_returns_error: one that is restarted on request stays known and stopped', async () => {
    const children = [starterSpec('child1', ['ok', 'error', 'ok'])];
    const { sup } = await supervise({ intensity: 0, children });
    await terminateChild(sup, 'child1');
    const failed = { ok: false, error: { kind: 'start-failed', reason: new Error('reason') } };
    expect(await restartChild(sup, 'child1')).toEqual(failed);
    await quiet();
    expect(whichChildren(sup)).toEqual([{ id: 'child1', child: undefined, type: 'worker' }]);
    expect(countsOf(sup)).toEqual([1, 0, 0, 1]);
    expect(await restartChild(sup, 'child1')).toMatchObject({ ok: true });
  });
});

describe('faulty_application_shutdown', () => {
  const faulty = (starts: string[]): ChildSpec => ({
    id: 'faulty',
    logic: fromCallback(() => {
      starts.push('faulty');
      JSON.parse('{}').undefinedFunction();
    }),
  });

  test('faulty_application_shutdown: what a child throws deep in the tree surfaces with its path and stack', async () => {
    const app = supervisor({ children: [faulty([])] });
    const failure = await stage(supervisor({ children: [{ id: 'app', logic: app }] })).catch(
      (error) => error,
    );
    expect(failure).toBeInstanceOf(StartFailure);
    expect(failure).toMatchObject({ path: 'root/app/faulty' });
    expect(failure.cause).toBeInstanceOf(TypeError);
    expect(failure.cause.stack).toContain('undefinedFunction is not a function');
    expect(failure.cause.stack).toContain('start.test.ts');
  });

  test('faulty_application_shutdown: a first start is not tried again, whatever the intensity', async () => {
    const starts: string[] = [];
    const app = supervisor({ intensity: 9, children: [faulty(starts)] });
    const root = supervisor({ intensity: 9, children: [{ id: 'app', logic: app }] });
    await expect(stage(root)).rejects.toBeInstanceOf(StartFailure);
    await quiet();
    expect(starts).toEqual(['faulty']);
  });

  test('faulty_application_shutdown: those that had started are stopped in reverse', async () => {
    const log: string[] = [];
    const noting = (id: string): ChildSpec => ({
      id,
      logic: fromCallback(() => {
        log.push(`+${id}`);
        return () => log.push(`-${id}`);
      }),
    });
    const inner = supervisor({ children: [noting('b'), noting('c'), faulty(log), noting('never')] });
    const root = supervisor({ children: [noting('a'), { id: 'inner', logic: inner }] });
    await expect(stage(root)).rejects.toBeInstanceOf(StartFailure);
    expect(log).toEqual(['+a', '+b', '+c', 'faulty', '-c', '-b', '-a']);
  });
});
