import { describe, expect, test } from 'vitest';
import { and, createMachine, not, setup } from 'xstate';
import { catalogue } from '../../../machines/catalogue.ts';
import { takenTransitions } from '../xstate/index.ts';
import { chartOf, transitionId } from './chart.ts';

describe.each(catalogue)('the chart of the $file machine', ({ machine }) => {
  const { states, transitions } = chartOf(machine);

  test('has every state once, each with a parent that stands before it', () => {
    const nodes = [...idsIn(machine.root)];
    expect(states.map(({ id }) => id)).toEqual(nodes);
    for (const [place, { parent }] of states.entries()) {
      if (place === 0) expect(parent).toBeNull();
      else expect(states.slice(0, place).map(({ id }) => id)).toContain(parent);
    }
  });

  test('has every transition once, from and to states that it has', () => {
    const defined = [...nodesIn(machine.root)].flatMap((node) => [
      ...[...node.transitions.values()].flat(),
      ...(node.always ?? []),
    ]);
    const ids = defined.map((definition) => transitionId(machine, definition));
    expect(new Set(ids).size).toBe(defined.length);
    expect(transitions.map(({ id }) => id).sort()).toEqual(ids.toSorted());
    const known = new Set(states.map(({ id }) => id));
    for (const { source, targets } of transitions) {
      expect([source, ...targets].filter((id) => !known.has(id))).toEqual([]);
    }
  });

  test('says of every state below the machine itself what it is about', () => {
    expect(states.slice(1).filter(({ description }) => description === undefined)).toEqual([]);
  });
});

function* nodesIn(node: (typeof catalogue)[number]['machine']['root']): Iterable<typeof node> {
  yield node;
  for (const child of Object.values(node.states)) yield* nodesIn(child);
}

function* idsIn(node: (typeof catalogue)[number]['machine']['root']): Iterable<string> {
  for (const { id } of nodesIn(node)) yield id;
}

const door = setup({
  guards: { isDark: () => true, isLocked: () => false },
  delays: { aWhile: () => 5_000 },
  actions: { ring: () => {} },
}).createMachine({
  id: 'door',
  type: 'parallel',
  states: {
    leaf: {
      initial: 'closed',
      states: {
        closed: {
          tags: 'person',
          entry: 'ring',
          on: { push: { guard: and(['isDark', not('isLocked')]), target: 'open' }, '*': { actions: 'ring' } },
        },
        open: { after: { aWhile: 'closed', 100: 'closed' } },
        before: { type: 'history' },
      },
    },
    light: { description: 'A lamp.' },
  },
});

test('a chart says in words what XState says in its own', () => {
  const { states, transitions } = chartOf(door);
  expect(states.map(({ id, type, initial }) => [id, type, initial])).toEqual([
    ['door', 'parallel', null],
    ['door.leaf', 'compound', 'door.leaf.closed'],
    ['door.leaf.closed', 'atomic', null],
    ['door.leaf.open', 'atomic', null],
    ['door.leaf.before', 'history', null],
    ['door.light', 'atomic', null],
  ]);
  expect(transitions.map(({ label, kind, guard, actions }) => [label, kind, guard, actions])).toEqual([
    ['push', 'event', 'isDark and not isLocked', []],
    ['anything else', 'event', null, ['ring']],
    ['after 100 ms', 'after', null, []],
    ['after aWhile', 'after', null, []],
  ]);
  expect(states[2]).toMatchObject({ entry: ['ring'], tags: ['person'] });
  expect(states[5]).toMatchObject({ description: 'A lamp.' });
});

test('equal machines have charts of one hash, other ones of another', () => {
  const again = createMachine({ id: 'a', initial: 'x', states: { x: {}, y: {} } });
  const same = createMachine({ id: 'a', initial: 'x', states: { x: {}, y: {} } });
  const other = createMachine({ id: 'a', initial: 'y', states: { x: {}, y: {} } });
  expect(chartOf(same).hash).toBe(chartOf(again).hash);
  expect(chartOf(other).hash).not.toBe(chartOf(again).hash);
  expect(chartOf(door.provide({})).hash).toBe(chartOf(door).hash);
});

test('the transitions that an event takes are found by name, those without an event included', () => {
  const machine = createMachine({
    id: 'm',
    initial: 'a',
    states: { a: { on: { go: 'b' } }, b: { always: 'c' }, c: {} },
  });
  const start = machine.resolveState({ value: 'a', context: {} });
  const taken = takenTransitions(machine, start, { type: 'go' });
  expect(taken.map((one) => transitionId(machine, one))).toEqual(['m.a:go:0', 'm.b::0']);
});
