import { describe, expect, test } from 'vitest';
import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  and,
  assign,
  cancel,
  createActor,
  createMachine,
  emit,
  enqueueActions,
  fromCallback,
  log,
  raise,
  sendTo,
} from 'xstate';
import { startSystem, supervisor } from '../../index.ts';
import { until } from '../../test-doubles.ts';
import { isBuiltin, isCombined } from './builtin.ts';
import { withCompiledStep } from './compiled-step.ts';

/** Counts the steps that are left to XState from now on. */
function countLeft(machine: AnyStateMachine): { left: number } {
  const counts = { left: 0 };
  const { transition } = machine;
  machine.transition = (...given) => {
    counts.left++;
    return transition(...given);
  };
  return counts;
}

/** How many steps are left to XState when these events come. */
function leftToXState(machine: AnyStateMachine, ...types: readonly string[]): number {
  const counts = countLeft(machine);
  const actor = createActor(withCompiledStep(machine), { logger: () => {} }).start();
  for (const type of types) actor.send({ type });
  return counts.left;
}

const on = (transition: object): AnyStateMachine =>
  createMachine({
    context: { count: 0 },
    initial: 'one',
    states: { one: { on: { go: transition } }, two: {} },
  });

describe('compiled', () => {
  test.each([
    ['an event that no transition takes', {}],
    ['a target', { target: 'two' }],
    ['the state itself, entered anew', { target: 'one', reenter: true }],
    ['a guard', { guard: () => true, target: 'two' }],
    ['a function', { actions: () => {} }],
    ['assign', { actions: assign({ count: 1 }) }],
    ['sendTo', { actions: sendTo(({ self }) => self, { type: 'ignored' }, { delay: 1_000 }) }],
    ['emit', { actions: emit({ type: 'emitted' }) }],
    ['log', { actions: log('text') }],
    ['cancel', { actions: cancel('nothing') }],
    ['raise after some time', { actions: raise({ type: 'ignored' }, { delay: 1_000 }) }],
  ])('%s', (_, transition) => {
    expect(leftToXState(on(transition), 'go', 'ignored')).toBe(0);
  });

  test('a wildcard, and a transition of a state around', () => {
    const machine = createMachine({
      initial: 'outer',
      states: { outer: { initial: 'inner', states: { inner: {} }, on: { '*': 'other' } }, other: {} },
    });
    expect(leftToXState(machine, 'anything')).toBe(0);
  });
});

describe('left to XState', () => {
  test.each([
    ['a guard made of others', { guard: and([() => true, () => true]) }],
    ['raise at once', { actions: raise({ type: 'ignored' }) }],
    ['enqueueActions', { actions: enqueueActions(() => {}) }],
  ])('%s', (_, transition) => {
    expect(leftToXState(on(transition), 'go')).toBe(1);
  });

  const helper = fromCallback(() => {});
  const OWN = 'xstate.done.actor.child';
  test.each<[string, string, object]>([
    ['an event of its own', OWN, { on: { [OWN]: {} } }],
    ['an event of its own that no transition takes', OWN, {}],
    ['a partial wildcard', 'go', { on: { go: 'two', 'some.*': {} } }],
    ['a transition without an event', 'go', { always: { guard: () => false, target: 'two' } }],
    ['to leave a state that invokes', 'go', { on: { go: 'two' }, invoke: { src: helper } }],
  ])('%s', (_, type, one) => {
    expect(leftToXState(createMachine({ initial: 'one', states: { one, two: {} } }), type)).toBe(1);
  });

  test.each<[string, object]>([
    ['a final state', { type: 'final' }],
    ['to enter a state that invokes', { invoke: { src: helper } }],
    ['to enter a state with a transition without an event', { always: { guard: () => false } }],
  ])('%s', (_, two) => {
    const config = { initial: 'one', states: { one: { on: { go: 'two' } }, two } };
    expect(leftToXState(createMachine(config), 'go')).toBe(1);
  });

  test('all of a machine that is in two states at once, or remembers one', () => {
    const parallel = createMachine({ type: 'parallel', states: { one: {}, two: {} } });
    const remembering = createMachine({
      initial: 'one',
      states: { one: { initial: 'in', states: { in: {}, before: { type: 'history' } } } },
    });
    expect(withCompiledStep(parallel)).toBe(parallel);
    expect(withCompiledStep(remembering)).toBe(remembering);
  });
});

describe('the beginning', () => {
  const beginsByXState = (config: object): boolean => {
    const machine = createMachine(config);
    return withCompiledStep(machine).getInitialSnapshot === machine.getInitialSnapshot;
  };

  test.each<[string, object]>([
    ['without states', {}],
    ['in a state of a state', { initial: 'out', states: { out: { initial: 'in', states: { in: {} } } } }],
    ['with actions', { entry: assign({}), initial: 'one', states: { one: { entry: () => {} } } }],
    ['with a context of its own', { context: () => ({}) }],
    ['with a timer', { after: { 1000: { actions: () => {} } } }],
  ])('is compiled %s', (_, config) => {
    expect(beginsByXState(config)).toBe(false);
  });

  test.each<[string, object]>([
    ['invokes', { invoke: { src: fromCallback(() => {}) } }],
    ['is followed by a transition without an event', { always: { guard: () => false } }],
    ['raises an event', { entry: raise({ type: 'go' }) }],
    ['is the end', { initial: 'one', states: { one: { type: 'final' } } }],
  ])('is left to XState where it %s', (_, config) => {
    expect(beginsByXState(config)).toBe(true);
  });
});

test('a machine is compiled once, and is otherwise itself', () => {
  const machine = createMachine({ id: 'this' });
  const compiled = withCompiledStep(machine);
  expect(withCompiledStep(machine)).toBe(compiled);
  expect(compiled).toBeInstanceOf(machine.constructor);
  expect(compiled.id).toBe('this');
  expect(createActor(compiled).getSnapshot().machine).toBe(machine);
});

test('what higher-order logic does of its own, it goes on doing', () => {
  const machine = createMachine({ initial: 'one', states: { one: { on: { go: 'two' } }, two: {} } });
  const deaf: AnyStateMachine = Object.create(machine, {
    transition: { value: (snapshot: AnyMachineSnapshot) => snapshot, writable: true },
  });
  const late: AnyStateMachine = Object.create(machine, {
    getInitialSnapshot: { value: () => machine.resolveState({ value: 'two' }) },
  });
  expect(leftToXState(deaf, 'go')).toBe(1);
  expect(createActor(withCompiledStep(late)).getSnapshot().value).toBe('two');
});

test('a supervised machine makes compiled steps', async () => {
  const machine = createMachine({ initial: 'one', states: { one: { on: { go: 'two' } }, two: {} } });
  const counts = countLeft(machine);
  const system = await startSystem(supervisor({ children: [{ id: 'a', name: 'a', logic: machine }] }));
  const snapshotOf = (): AnyMachineSnapshot | undefined => system.whereis('a')?.getSnapshot();
  system.send('a', { type: 'go' });
  await until(() => snapshotOf()?.value === 'two');
  expect(snapshotOf()?.matches('two')).toBe(true);
  expect(counts.left).toBe(0);
  await system.stop();
});

test('a snapshot has the members that XState gives it', () => {
  const machine = on({ target: 'two', actions: assign({ count: 1 }) });
  const membersAfter = (logic: AnyStateMachine): readonly string[] => {
    const actor = createActor(logic).start();
    actor.send({ type: 'go' });
    return Object.keys(actor.getSnapshot());
  };
  expect(membersAfter(withCompiledStep(machine))).toEqual(membersAfter(machine));
});

test('actions and guards of XState are made as the compiled step believes', () => {
  for (const action of [assign({}), sendTo('a', { type: 'b' }), emit({ type: 'a' }), log(), cancel('a')])
    expect(isBuiltin(action) && action.type.startsWith('xstate.')).toBe(true);
  expect(isCombined(and([]))).toBe(true);
  expect(isBuiltin(() => {})).toBe(false);
});
