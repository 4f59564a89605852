import { setImmediate as nextRound } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type AnyStateMachine, createMachine, fromPromise, setup } from 'xstate';
import { until } from '../test-doubles.ts';
import { durableMachine, type StoredState } from './index.ts';
import { counter } from './testing/counter.ts';
import { openStage } from './testing/stage.ts';

describe('a declaration is refused', () => {
  const declare = (machine: AnyStateMachine) => () =>
    durableMachine({ machine, version: 1, requests: {}, parked: () => ({ type: 'parked' }) });

  test('where a state has a timer, since it would not survive', () => {
    const machine = createMachine({
      id: 'm',
      initial: 'a',
      states: { a: { after: { 100: 'b' } }, b: {} },
    });
    expect(declare(machine)).toThrow('"m" cannot be durable: state "a" has a timer');
  });

  test('where a state invokes an actor', () => {
    const machine = createMachine({ id: 'm', initial: 'a', states: { a: { invoke: { src: 'x' } } } });
    expect(declare(machine)).toThrow('state "a" invokes an actor');
  });

  test('where the machine is not flat', () => {
    const states = { a: { initial: 'b', states: { b: {} } } };
    expect(declare(createMachine({ id: 'm', initial: 'a', states }))).toThrow('has states of its own');
    const regions = { x: {}, y: {} };
    expect(declare(createMachine({ id: 'm', type: 'parallel', states: regions }))).toThrow('is parallel');
  });

  test('where a migration leads nowhere', () => {
    const same = (stored: StoredState): StoredState => stored;
    expect(() => counter({ version: 4, migrations: { 1: same, 3: same } })).toThrow(
      'The migration of "counter" from version 1 does not lead to version 4.',
    );
  });
});

test('a machine that asks for something before its first event fails when it is begun', async () => {
  const machine = setup({ actions: { ask: () => {} } }).createMachine({ id: 'eager', entry: 'ask' });
  const requests = { ask: { rows: () => ({}) } };
  const declared = durableMachine({ machine, version: 1, requests, parked: () => ({ type: 'parked' }) });
  const opened = await openStage().store.open('counter/eager', 1);
  const input = { open: async () => opened, scope: undefined, fresh: { input: undefined } };
  await expect(declared.process(input)).rejects.toThrow('it asks for something before its first event');
});

test('of a machine that rests nothing is stored, and it goes on in memory', async () => {
  const stage = openStage(counter({ rests: (state) => state === 'counting' }));
  stage.scope.deliver = () => new Promise(() => {});
  const life = stage.start();
  life.send({ type: 'count.added', by: 7 }, { type: 'letter.unwanted', inboxId: 'nobody waits for it' });
  await until(() => stage.store.commits === 2);
  expect(stage.stored().snapshot).toBeNull();
  life.send({ type: 'letter.wanted', class: 'idempotent' });
  await until(() => stage.posted.length === 1);
  expect(stage.stored().snapshot).toContain('"total":7');
  life.send({ type: 'letter.unwanted' });
  await life.reaches('counting');
  expect(stage.stored()).toMatchObject({ snapshot: null, effects: new Map() });
});

describe('a state stored in another version', () => {
  const from = (version: number) => (stored: StoredState) => ({
    ...stored,
    context: { ...stored.context, total: Number(Reflect.get(stored.context, 'total')) * 10 + version },
  });

  async function storedIn(version: number) {
    const old = openStage(counter({ version }));
    const life = old.start({ version });
    life.send({ type: 'count.added', by: 7 });
    await until(() => old.store.commits === 1);
    life.kill();
    return old;
  }

  test('is migrated step by step, and stored in the new version from the next step on', async () => {
    const old = await storedIn(1);
    const stage = openStage(counter({ version: 3, migrations: { 1: from(1), 2: from(2) } }), old.store);
    const life = stage.start({ version: 3 });
    life.send({ type: 'count.added', by: 0 });
    await until(() => stage.store.commits === 2);
    expect(stage.stored()).toMatchObject({ version: 3, snapshot: expect.stringContaining('"total":712') });
  });

  test('is refused where it is newer, by its name and what to do, and left as it is', async () => {
    const old = await storedIn(3);
    const before = structuredClone(old.stored());
    const error = await openStage(counter({ version: 2 }), old.store)
      .start({ version: 2 })
      .ended();
    expect(error).toMatchObject({ name: 'UnsupportedVersionError' });
    expect(String(error)).toMatch(/counter\/1 .*version 3.*up to 2.*Start the program that stored it/s);
    expect(old.stored()).toEqual(before);
  });

  test.each([
    ['no migration leads from there', {}],
    [
      'a migration fails',
      {
        1() {
          throw new Error('no such field');
        },
      },
    ],
  ])('is refused where %s', async (_, migrations) => {
    const old = await storedIn(1);
    const { snapshot, journal } = structuredClone(old.stored());
    const declared = counter({ version: 2, migrations });
    for (let life = 0; life < 6; life++) {
      const error = await openStage(declared, old.store).start({ version: 2 }).ended();
      expect(error).toMatchObject({ name: 'UnsupportedVersionError' });
    }
    expect(old.stored()).toMatchObject({ snapshot, journal, version: 1, attempts: 0, deadLetters: [] });
  });

  test('is refused where it names a state that there is none of any more', async () => {
    const old = await storedIn(1);
    const renamed = (stored: StoredState) => ({ ...stored, state: 'gone' });
    const declared = counter({ version: 2, migrations: { 1: renamed } });
    const error = await openStage(declared, old.store).start({ version: 2 }).ended();
    expect(String(error)).toContain('no state "gone"');
  });
});

describe('a declaration with a mistake', () => {
  test('fails where the machine asks for something that it does not know', async () => {
    const stage = openStage(counter({ requests: Object.create(null) }));
    const life = stage.start();
    life.send({ type: 'letter.wanted', class: 'pure' });
    expect(String(await life.ended())).toContain('"counter" asks for "sendLetter"');
  });

  test('fails where a step begins an effect and records nothing', async () => {
    const start = () => {
      throw new Error('never begun');
    };
    const sendLetter = { class: 'pure', start } as const;
    const stage = openStage(counter({ requests: { sendLetter, report: { rows: () => ({}) } } }));
    const life = stage.start();
    life.send({ type: 'letter.wanted', class: 'pure' });
    expect(String(await life.ended())).toContain('must record something');
  });
});

describe('an effect that is prepared', () => {
  /** Letters that are sent at once, with what was done about them. */
  function openPost(prepare: (text: string) => void) {
    const log: string[] = [];
    const logic = fromPromise(async () => ({ event: { type: 'letter.sent' } }));
    const stage = openStage(
      counter({
        requests: {
          sendLetter: {
            class: 'pure',
            rows: (_params, _step, effectId) => ({ records: [{ type: 'letter.requested', effectId }] }),
            prepare({ text }, { id }, coming) {
              log.push(`prepared ${id} for ${coming.map(({ seq, type }) => `${seq} ${type}`)}`);
              prepare(text);
            },
            start() {
              log.push('begun');
              return { actorId: 'letter', logic, input: undefined };
            },
          },
          report: { rows: () => ({}) },
        },
      }),
    );
    return { stage, log, sent: () => until(() => stage.store.commits === 2) };
  }

  /** Holds the commit back until there is something in the log. */
  async function whileCommitting({ stage, log, sent }: ReturnType<typeof openPost>): Promise<void> {
    const gate = Promise.withResolvers<void>();
    stage.store.gate = gate.promise;
    stage.start().send({ type: 'letter.wanted', class: 'pure' });
    await until(() => log.length > 0);
    expect(log).toEqual(['prepared counter/1:1:0 for 1 letter.requested']);
    gate.resolve();
    await sent();
    expect(log.at(-1)).toBe('begun');
  }

  test('is so while its step is being committed, and begins after that', async () => {
    await whileCommitting(openPost(() => {}));
  });

  test('begins all the same where that fails', async () => {
    await whileCommitting(
      openPost((text) => {
        throw new Error(`no paper for ${text}`);
      }),
    );
  });

  test('is not where the step was committed before', async () => {
    const { stage, log, sent } = openPost(() => {});
    stage.start().send({ type: 'letter.wanted', class: 'pure' });
    await sent();
    await nextRound();
    expect(log).toEqual(['begun']);
  });
});
