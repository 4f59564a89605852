/** OTP's supervisor_SUITE.erl: automatic shutdown follows the flags and specifications that are in force now. */
import { describe, expect, test } from 'vitest';
import type { AnyActorRef } from 'xstate';
import { type AutoShutdown, reconfigure, type SupervisorOptions } from '../index.ts';
import { statesOf } from './doubles.ts';
import { end, exitsOf, refOf, supervise, workerSpec } from './testing.ts';

const DONE = { ok: true, value: undefined };
const SHUT_DOWN = { sup: { kind: 'shutdown', cause: expect.any(Error) } };

const flags = (autoShutdown: AutoShutdown, significant = autoShutdown !== 'never'): SupervisorOptions => {
  const children = ['child1', 'child2'].map((id) => workerSpec(id, { restart: 'transient', significant }));
  return { autoShutdown, children };
};

/** A supervisor that was upgraded, and what has become of it. */
async function upgraded(from: AutoShutdown, to: AutoShutdown) {
  const { sup } = await supervise(flags(from));
  const [child1, child2] = [refOf(sup, 'child1'), refOf(sup, 'child2')];
  expect(await reconfigure(sup, flags(to))).toEqual(DONE);
  expect(refOf(sup, 'child1')).toBe(child1);
  expect(refOf(sup, 'child2')).toBe(child2);
  return { sup, exits: exitsOf({ sup }) };
}

const endNormally = (sup: AnyActorRef, id: string): Promise<void> => end(refOf(sup, id), 'normal');

describe('significant_upgrade', () => {
  test('significant_upgrade_never_any: one of the children that run already is enough', async () => {
    const { sup, exits } = await upgraded('never', 'any_significant');
    await endNormally(sup, 'child1');
    expect(exits).toEqual(SHUT_DOWN);
  });

  test('significant_upgrade_never_all: it takes all of those that run already', async () => {
    const { sup, exits } = await upgraded('never', 'all_significant');
    await endNormally(sup, 'child1');
    expect(exits).toEqual({});
    await endNormally(sup, 'child2');
    expect(exits).toEqual(SHUT_DOWN);
  });

  test.each([
    ['any', 'any_significant'],
    ['all', 'all_significant'],
  ] as const)('significant_upgrade_%s_never: with %s no more, no end matters', async (_name, from) => {
    const { sup, exits } = await upgraded(from, 'never');
    await endNormally(sup, 'child1');
    await endNormally(sup, 'child2');
    expect(exits).toEqual({});
    expect(statesOf(sup)).toEqual([
      ['child2', undefined],
      ['child1', undefined],
    ]);
  });

  test.each([
    ['any', 'any_significant'],
    ['all', 'all_significant'],
  ] as const)(
    'significant_upgrade_%s_never: significant children are refused, and %s stays',
    async (_name, from) => {
      const { sup } = await supervise(flags(from));
      const exits = exitsOf({ sup });
      const refused = { ok: false, error: { kind: 'invalid-spec', reason: { field: 'significant' } } };
      expect(await reconfigure(sup, flags('never', true))).toMatchObject(refused);
      await endNormally(sup, 'child1');
      if (from === 'all_significant') await endNormally(sup, 'child2');
      expect(exits).toEqual(SHUT_DOWN);
    },
  );

  test('significant_upgrade_any_all: one is not enough any more', async () => {
    const { sup, exits } = await upgraded('any_significant', 'all_significant');
    await endNormally(sup, 'child1');
    expect(exits).toEqual({});
    await endNormally(sup, 'child2');
    expect(exits).toEqual(SHUT_DOWN);
  });

  test('significant_upgrade_all_any: one is enough, though another had ended before', async () => {
    const { sup } = await supervise(flags('all_significant'));
    const exits = exitsOf({ sup });
    await endNormally(sup, 'child1');
    await reconfigure(sup, flags('any_significant'));
    expect(exits).toEqual({});
    await endNormally(sup, 'child2');
    expect(exits).toEqual(SHUT_DOWN);
  });

  test('significant_upgrade_child: a child that is significant no more ends nothing', async () => {
    const { sup } = await supervise(flags('any_significant'));
    const exits = exitsOf({ sup });
    await reconfigure(sup, flags('any_significant', false));
    await endNormally(sup, 'child1');
    expect(exits).toEqual({});
  });

  test('significant_upgrade_child: a child that has become significant does', async () => {
    const { sup } = await supervise(flags('any_significant', false));
    const exits = exitsOf({ sup });
    await reconfigure(sup, flags('any_significant'));
    await endNormally(sup, 'child1');
    expect(exits).toEqual(SHUT_DOWN);
  });
});
