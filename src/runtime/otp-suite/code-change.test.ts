/** OTP's supervisor_SUITE.erl: flags and specifications that change under a supervisor that runs. */
import { describe, expect, onTestFinished, test } from 'vitest';
import type { AnyActorRef } from 'xstate';
import {
  type ChildSpec,
  getChildSpec,
  reconfigure,
  restartChild,
  type SupervisorInit,
  type SupervisorOptions,
  startInstance,
  supervisor,
} from '../index.ts';
import { probeSpec, stage } from '../test-doubles.ts';
import { idle, statesOf } from './doubles.ts';
import { countsOf, end, exitsOf, malformed, refOf, started, supervise } from './testing.ts';

const DONE = { ok: true, value: undefined };
const refusal = (field: string) => ({ ok: false, error: { kind: 'invalid-spec', reason: { field } } });

const shutdownOf = (sup: AnyActorRef, which: string | AnyActorRef): unknown => {
  const spec = getChildSpec(sup, which);
  return spec.ok ? spec.value.shutdown : spec.error.kind;
};

const killChild = (sup: AnyActorRef, id: string): Promise<void> => end(refOf(sup, id), 'killed');

describe('code_change', () => {
  const child1 = probeSpec([], 'child1');
  const child2 = probeSpec([], 'child2');

  test('code_change: intensity and period are the new ones at once', async () => {
    const { sup } = await supervise({ intensity: 0, children: [child1] });
    const exits = exitsOf({ sup });
    expect(await reconfigure(sup, { intensity: 1, period: 3600, children: [child1] })).toEqual(DONE);
    await killChild(sup, 'child1');
    expect(exits).toEqual({});
    await killChild(sup, 'child1');
    expect(exits).toEqual({ sup: { kind: 'shutdown', cause: expect.any(Error) } });
  });

  test('code_change: the strategy is the new one at the next restart', async () => {
    const { sup } = await supervise({ children: [child1, child2] });
    const former = refOf(sup, 'child2');
    await reconfigure(sup, { strategy: 'rest_for_one', children: [child1, child2] });
    expect(refOf(sup, 'child2')).toBe(former);
    await killChild(sup, 'child1');
    expect(refOf(sup, 'child2')).not.toBe(former);
  });

  test('code_change: a known child keeps running, and follows its new specification from its next start', async () => {
    const log: string[] = [];
    const { sup } = await supervise({ children: [probeSpec(log, 'child1')] });
    const former = refOf(sup, 'child1');
    const next: ChildSpec = { ...probeSpec(log, 'changed'), id: 'child1', name: 'child1', shutdown: 1_234 };
    expect(await reconfigure(sup, { children: [next] })).toEqual(DONE);
    expect(refOf(sup, 'child1')).toBe(former);
    expect(shutdownOf(sup, 'child1')).toBe(1_234);
    await killChild(sup, 'child1');
    expect(log).toEqual(['+child1', '-child1', '+changed']);
  });

  test('code_change_map: a new child is known but not started, one that is named no more keeps running', async () => {
    const { sup } = await supervise({ children: [child1] });
    const former = refOf(sup, 'child1');
    expect(await reconfigure(sup, { children: [child2] })).toEqual(DONE);
    expect(new Map(statesOf(sup))).toEqual(
      new Map([
        ['child1', 'alive'],
        ['child2', undefined],
      ]),
    );
    expect(refOf(sup, 'child1')).toBe(former);
    started(await restartChild(sup, 'child2'));
    expect(countsOf(sup)).toEqual([2, 2, 0, 2]);
  });

  test.each<[string, object]>([
    ['strategy', { strategy: 'faulty_strategy' }],
    ['intensity', { intensity: -1 }],
    ['intensity', { intensity: 'faulty_intensity' }],
    ['period', { period: 0 }],
    ['autoShutdown', { autoShutdown: 'faulty' }],
    ['children', { children: 'faulty' }],
    ['id', { children: [malformed({ id: 'child2' }, { id: 7 })] }],
    ['restart', { children: [malformed({ id: 'child2' }, { restart: 'faulty' })] }],
    ['id', { children: [child2, child2] }],
    ['strategy', { strategy: 'simple_one_for_one', children: [child2] }],
  ])('code_change: a faulty %s is refused, and all stays as it was: %j', async (field, faults) => {
    const { sup } = await supervise({ intensity: 1, children: [child1] });
    const former = refOf(sup, 'child1');
    const faulty: SupervisorOptions = Object.assign({ intensity: 9, children: [child1] }, faults);
    expect(await reconfigure(sup, faulty)).toMatchObject(refusal(field));
    expect(statesOf(sup)).toEqual([['child1', 'alive']]);
    expect(refOf(sup, 'child1')).toBe(former);
    const exits = exitsOf({ sup });
    await killChild(sup, 'child1');
    await killChild(sup, 'child1');
    expect(exits).toEqual({ sup: { kind: 'shutdown', cause: expect.any(Error) } });
  });
});

describe('code_change, where init is asked again', () => {
  async function initialised(first: SupervisorOptions) {
    const asked: unknown[] = [];
    let answer: () => ReturnType<SupervisorInit> = () => first;
    const logic = supervisor((input) => {
      asked.push(input);
      return answer();
    });
    const { system } = await stage(
      supervisor({ children: [{ id: 'sup', name: 'sup', logic, input: 'args' }] }),
    );
    const sup = system.whereis('sup');
    if (!sup) throw new Error('it is not registered');
    onTestFinished(() => system.stop());
    const answers = (next: () => ReturnType<SupervisorInit>) => {
      answer = next;
    };
    return { sup, asked, answers };
  }

  const options: SupervisorOptions = { children: [{ id: 'child1', logic: idle }] };

  test('code_change: it is asked with the input of its start', async () => {
    const { sup, asked, answers } = await initialised(options);
    answers(() => ({ children: [{ id: 'child1', logic: idle, shutdown: 1_234 }] }));
    expect(await reconfigure(sup)).toEqual(DONE);
    expect(asked).toEqual(['args', 'args']);
    expect(shutdownOf(sup, 'child1')).toBe(1_234);
  });

  test('code_change: where it ignores, nothing changes', async () => {
    const { sup, answers } = await initialised(options);
    answers(() => 'ignore');
    expect(await reconfigure(sup)).toEqual(DONE);
    expect(statesOf(sup)).toEqual([['child1', 'alive']]);
    expect(shutdownOf(sup, 'child1')).toBe(5_000);
  });

  test('code_change: where it fails, the change does, and nothing else', async () => {
    const { sup, answers } = await initialised(options);
    const reason = new Error('faulty_return');
    answers(() => {
      throw reason;
    });
    expect(await reconfigure(sup)).toEqual({ ok: false, error: { kind: 'invalid-spec', reason } });
    expect(statesOf(sup)).toEqual([['child1', 'alive']]);
  });
});

describe('code_change_simple', () => {
  const template: ChildSpec = { id: 'child', logic: idle };
  const flags: SupervisorOptions = { strategy: 'simple_one_for_one', children: [template] };

  test('code_change_simple: instances keep running, and follow the new template', async () => {
    const { sup } = await supervise(flags);
    const ref = started(await startInstance(sup, 'input'));
    expect(await reconfigure(sup, { ...flags, children: [{ ...template, shutdown: 1_234 }] })).toEqual(DONE);
    expect(getChildSpec(sup, ref)).toMatchObject({ ok: true, value: { shutdown: 1_234, input: 'input' } });
    expect(shutdownOf(sup, started(await startInstance(sup)))).toBe(1_234);
  });

  test.each([
    ['children', 'no template', []],
    ['children', 'two templates', [template, { ...template, id: 'other' }]],
  ])('code_change_simple_map: %s: %s is refused, and all stays as it was', async (field, _what, children) => {
    const { sup } = await supervise(flags);
    started(await startInstance(sup));
    expect(await reconfigure(sup, { ...flags, children })).toMatchObject(refusal(field));
    expect(countsOf(sup)).toEqual([1, 1, 0, 1]);
    started(await startInstance(sup));
    expect(countsOf(sup)).toEqual([1, 2, 0, 2]);
  });

  test('code_change_simple_map: it stays what it is, and so does any other', async () => {
    const { sup } = await supervise(flags);
    expect(await reconfigure(sup, { children: [template] })).toMatchObject(refusal('strategy'));
    started(await startInstance(sup));
  });
});
