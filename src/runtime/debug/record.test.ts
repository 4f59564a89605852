import { expect, test } from 'vitest';
import { assign, setup } from 'xstate';
import { type ActorSystemHandle, startSystem, supervisor, type sys } from '../index.ts';
import { until } from '../test-doubles.ts';

const counter = setup({
  types: { context: {} as { n: number }, events: {} as { type: 'add' } | { type: 'rest' } },
}).createMachine({
  id: 'counter',
  context: { n: 0 },
  initial: 'counting',
  states: {
    counting: {
      on: { add: { actions: assign({ n: ({ context }) => context.n + 1 }) }, rest: 'resting' },
    },
    resting: { after: { 60000: 'counting' } },
  },
});

const start = (onReport?: (report: { readonly type: string }) => void): Promise<ActorSystemHandle> =>
  startSystem(
    supervisor({
      strategy: 'one_for_one',
      intensity: 1,
      period: 5,
      children: [{ id: 'counter', logic: counter, name: 'counter' }],
    }),
    onReport ? { onReport } : {},
  );

const count = (system: ActorSystemHandle): unknown => system.find('root/counter')?.getSnapshot().context.n;

test('every transition is told with the state before and after, and what was taken', async () => {
  const system = await start();
  const facts: sys.RuntimeFact[] = [];
  const stop = system.record((fact) => facts.push(fact));
  system.send('counter', { type: 'add' });
  system.send('counter', { type: 'rest' });
  await until(() => facts.filter(({ kind }) => kind === 'transition').length === 2);
  stop();
  await system.stop();
  expect(facts.filter(({ kind }) => kind === 'transition')).toMatchObject([
    {
      actor: 'root/counter',
      incarnation: 1,
      event: 'add',
      from: 'counting',
      to: 'counting',
      taken: ['counter.counting:add:0'],
    },
    { event: 'rest', from: 'counting', to: 'resting', taken: ['counter.counting:rest:0'] },
  ]);
  expect(facts.filter(({ kind }) => kind === 'message')).toMatchObject([
    { from: undefined, to: 'root/counter', event: { type: 'add' } },
    { from: undefined, to: 'root/counter', event: { type: 'rest' } },
  ]);
});

test('of a message that was on its way already, the state before is told as well', async () => {
  const system = await start();
  const facts: sys.RuntimeFact[] = [];
  system.send('counter', { type: 'rest' });
  const stop = system.record((fact) => facts.push(fact));
  await until(() => facts.length > 0);
  stop();
  await system.stop();
  expect(facts).toMatchObject([{ kind: 'transition', from: 'counting', to: 'resting' }]);
});

test('a recorder that throws harms nobody, and is reported', async () => {
  const reports: string[] = [];
  const system = await start(({ type }) => reports.push(type));
  system.record(() => {
    throw new Error('a bad recorder');
  });
  system.send('counter', { type: 'add' });
  system.send('counter', { type: 'add' });
  await until(() => count(system) === 2);
  expect(reports).toContain('listener_error');
  await system.stop();
});

test('before and after a recording nothing is attached', async () => {
  const system = await start();
  let told = 0;
  const stop = system.record(() => told++);
  system.send('counter', { type: 'add' });
  await until(() => count(system) === 1);
  expect(told).toBeGreaterThan(0);
  stop();
  told = 0;
  system.send('counter', { type: 'add' });
  await until(() => count(system) === 2);
  expect(told).toBe(0);
  await system.stop();
});
