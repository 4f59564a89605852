/** OTP's supervisor_SUITE.erl: supervisors that end because significant children have. */
import { describe, expect, test } from 'vitest';
import {
  type AutoShutdown,
  type ExitReason,
  type RestartType,
  type Strategy,
  type SupervisorOptions,
  startInstance,
  supervisor,
  terminateChild,
  terminateInstance,
} from '../index.ts';
import { typesOf } from '../test-doubles.ts';
import { statesOf } from './doubles.ts';
import { type Ending, end, exitsOf, refOf, started, supervise, workerSpec } from './testing.ts';

const ENDINGS: readonly Ending[] = ['normal', 'shutdown', 'info', 'abnormal', 'killed'];
const MODES: readonly AutoShutdown[] = ['any_significant', 'all_significant'];
const SHUT_DOWN = { sup: { kind: 'shutdown', cause: expect.any(Error) } };

/** Two children of that kind, and what has become of their supervisor. */
async function pair(autoShutdown: AutoShutdown, restart: RestartType, significant = true) {
  const children = ['child1', 'child2'].map((id) => workerSpec(id, { restart, significant }));
  const supervised = await supervise({ autoShutdown, intensity: 9, children });
  const { sup } = supervised;
  const exits: Readonly<Record<string, ExitReason>> = exitsOf({ sup });
  return { ...supervised, exits, endChild: (id: string, ending: Ending) => end(refOf(sup, id), ending) };
}

describe('nonsignificant', () => {
  test.each(MODES.flatMap((mode) => ENDINGS.map((ending) => [mode, ending] as const)))(
    'nonsignificant_temporary: does not end a supervisor with %s by its end (%s)',
    async (mode, ending) => {
      const { sup, exits, endChild } = await pair(mode, 'temporary', false);
      await endChild('child1', ending);
      await endChild('child2', ending);
      expect(exits).toEqual({});
      expect(statesOf(sup)).toEqual([]);
    },
  );

  test.each(MODES.flatMap((mode) => ENDINGS.slice(0, 3).map((ending) => [mode, ending] as const)))(
    'nonsignificant_transient: does not end a supervisor with %s by its end (%s)',
    async (mode, ending) => {
      const { sup, exits, endChild } = await pair(mode, 'transient', false);
      await endChild('child1', ending);
      await endChild('child2', ending);
      expect(exits).toEqual({});
      expect(statesOf(sup)).toEqual([
        ['child2', undefined],
        ['child1', undefined],
      ]);
    },
  );
});

describe('significant_temporary', () => {
  test.each(ENDINGS)(
    'significant_temporary: one ends a supervisor with any_significant (%s)',
    async (ending) => {
      const { exits, endChild } = await pair('any_significant', 'temporary');
      await endChild('child1', ending);
      expect(exits).toEqual(SHUT_DOWN);
    },
  );

  test.each(ENDINGS)(
    'significant_temporary: the last ends a supervisor with all_significant (%s)',
    async (ending) => {
      const { exits, endChild } = await pair('all_significant', 'temporary');
      await endChild('child2', ending);
      expect(exits).toEqual({});
      await endChild('child1', ending);
      expect(exits).toEqual(SHUT_DOWN);
    },
  );

  test.each(MODES)(
    'significant_temporary: one that is terminated does not end a supervisor with %s',
    async (mode) => {
      const { sup, exits } = await pair(mode, 'temporary');
      await terminateChild(sup, 'child1');
      await terminateChild(sup, 'child2');
      expect(exits).toEqual({});
      expect(statesOf(sup)).toEqual([]);
    },
  );

  test('significant_temporary: the last that runs is the last, those that were terminated do not count', async () => {
    const { sup, exits, endChild } = await pair('all_significant', 'temporary');
    await terminateChild(sup, 'child1');
    await endChild('child2', 'normal');
    expect(exits).toEqual(SHUT_DOWN);
  });

  test('significant_temporary: the others are stopped in order, and nothing of it is reported', async () => {
    const { sup, exits, reports, endChild } = await pair('any_significant', 'temporary');
    const others = exitsOf({ child2: refOf(sup, 'child2') });
    await endChild('child1', 'normal');
    expect(others).toEqual({ child2: { kind: 'shutdown' } });
    expect(exits).toEqual(SHUT_DOWN);
    expect(typesOf(reports)).toEqual([]);
  });
});

describe('significant_transient', () => {
  test.each(MODES)('significant_transient: under %s one that fails is restarted', async (mode) => {
    const { sup, exits, endChild } = await pair(mode, 'transient');
    for (const id of ['child1', 'child2']) {
      await endChild(id, 'abnormal');
      await endChild(id, 'killed');
    }
    expect(exits).toEqual({});
    expect(statesOf(sup).map(([, state]) => state)).toEqual(['alive', 'alive']);
  });

  test.each(ENDINGS.slice(0, 3))(
    'significant_transient: one ends a supervisor with any_significant (%s)',
    async (ending) => {
      const { exits, endChild } = await pair('any_significant', 'transient');
      await endChild('child1', ending);
      expect(exits).toEqual(SHUT_DOWN);
    },
  );

  test.each(ENDINGS.slice(0, 3))(
    'significant_transient: the last ends a supervisor with all_significant (%s)',
    async (ending) => {
      const { exits, endChild } = await pair('all_significant', 'transient');
      await endChild('child1', ending);
      expect(exits).toEqual({});
      await endChild('child2', ending);
      expect(exits).toEqual(SHUT_DOWN);
    },
  );

  test.each(MODES)(
    'significant_transient: one that is terminated does not end a supervisor with %s',
    async (mode) => {
      const { sup, exits } = await pair(mode, 'transient');
      await terminateChild(sup, 'child1');
      await terminateChild(sup, 'child2');
      expect(exits).toEqual({});
    },
  );
});

describe('significant_simple', () => {
  async function instances(autoShutdown: AutoShutdown, restart: RestartType = 'transient') {
    const children = [workerSpec('child', { restart, significant: true })];
    const { sup } = await supervise({ strategy: 'simple_one_for_one', autoShutdown, children });
    const exits: Readonly<Record<string, ExitReason>> = exitsOf({ sup });
    const [first, second] = [started(await startInstance(sup)), started(await startInstance(sup))];
    return { sup, exits, first, second };
  }

  test.each(['transient', 'temporary'] as const)(
    'significant_simple: with any_significant the first instance that ends is enough (%s)',
    async (restart) => {
      const { exits, first } = await instances('any_significant', restart);
      await end(first, 'normal');
      expect(exits).toEqual(SHUT_DOWN);
    },
  );

  test.each(['transient', 'temporary'] as const)(
    'significant_simple: with all_significant it is the last (%s)',
    async (restart) => {
      const { exits, first, second } = await instances('all_significant', restart);
      await end(first, 'normal');
      expect(exits).toEqual({});
      await end(second, 'normal');
      expect(exits).toEqual(SHUT_DOWN);
    },
  );

  test.each(MODES)(
    'significant_simple: under %s an instance that is restarted, or terminated, is none that has ended',
    async (mode) => {
      const { sup, exits, first, second } = await instances(mode);
      await end(first, 'abnormal');
      await terminateInstance(sup, second);
      expect(exits).toEqual({});
      expect(statesOf(sup).map(([, state]) => state)).toEqual(['alive']);
    },
  );
});

describe('significant_bystander', () => {
  const strategies: readonly Strategy[] = ['one_for_one', 'one_for_all', 'rest_for_one'];

  test.each(strategies.flatMap((strategy) => MODES.map((mode) => [strategy, mode] as const)))(
    'significant_bystander: under %s one that ends because of a sibling does not end a supervisor with %s',
    async (strategy, autoShutdown) => {
      const children = [
        workerSpec('child1'),
        workerSpec('child2', { restart: 'temporary', significant: true }),
        workerSpec('child3', { restart: 'transient', significant: true }),
      ];
      const { sup } = await supervise({ strategy, autoShutdown, children });
      const exits = exitsOf({ sup });
      await end(refOf(sup, 'child1'), 'abnormal');
      expect(exits).toEqual({});
      const gone = strategy === 'one_for_one' ? ['child3', 'child2', 'child1'] : ['child3', 'child1'];
      expect(statesOf(sup)).toEqual(gone.map((id) => [id, 'alive']));
      const significant = statesOf(sup)
        .slice(0, -1)
        .map(([id]) => refOf(sup, id));
      for (const ref of significant) await end(ref, 'normal');
      expect(exits).toEqual(SHUT_DOWN);
    },
  );
});

describe('significant_escalation', () => {
  async function nested(significant: boolean) {
    const child = workerSpec('child', { restart: 'temporary', significant: true });
    const inner: SupervisorOptions = { autoShutdown: 'any_significant', children: [child] };
    const { sup, reports } = await supervise({
      autoShutdown: 'any_significant',
      children: [{ id: 'inner', logic: supervisor(inner), restart: 'transient', significant }],
    });
    const exits = exitsOf({ sup });
    await end(refOf(refOf(sup, 'inner'), 'child'), 'normal');
    return { sup, exits, reports };
  }

  test('significant_escalation: a significant supervisor that ends so ends the one above it', async () => {
    const { exits } = await nested(true);
    expect(exits).toEqual(SHUT_DOWN);
  });

  test('significant_escalation: one that is not significant is just stopped', async () => {
    const { sup, exits, reports } = await nested(false);
    expect(exits).toEqual({});
    expect(statesOf(sup)).toEqual([['inner', undefined]]);
    expect(typesOf(reports)).toEqual([]);
  });
});
