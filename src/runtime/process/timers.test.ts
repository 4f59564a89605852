import { describe, expect, test } from 'vitest';
import {
  type AnyActorLogic,
  type AnyActorRef,
  createActor,
  createMachine,
  raise,
  SimulatedClock,
  sendTo,
} from 'xstate';
import {
  indexTimers,
  type PersistedActor,
  persistActor,
  persistTimers,
  restoreTimers,
  resumed,
} from '../index.ts';
import { supervisor } from '../supervisor/supervisor.ts';
import { quiet, stage, until } from '../test-doubles.ts';

const entries: string[] = [];

const patient = createMachine({
  initial: 'waiting',
  states: {
    waiting: {
      entry: () => entries.push('waiting'),
      after: { 1000: 'late' },
      on: { leave: 'left' },
    },
    late: { after: { 500: 'later' } },
    later: {},
    left: {},
  },
});

/** Both clocks of one process: that of the runtime begins at 0, the wall clock shows `since` then. */
function process(since: number) {
  const clock = new SimulatedClock();
  const now = () => since + clock.now();
  const actorOf = (logic: AnyActorLogic, persisted?: PersistedActor): AnyActorRef => {
    const actor = createActor(logic, { clock, ...(persisted && { snapshot: persisted.snapshot }) });
    indexTimers(actor.system, clock);
    return actor.start();
  };
  return { clock, now, actorOf };
}

const stored = (persisted: PersistedActor): PersistedActor => JSON.parse(JSON.stringify(persisted));

/** As it is 400 ms after its start, at 10,400. */
function persisted(logic: AnyActorLogic): PersistedActor {
  const { clock, now, actorOf } = process(10_000);
  const actor = actorOf(logic);
  clock.increment(400);
  return stored(persistActor(actor, now));
}

describe('timers across a restart', () => {
  test('are persisted with the time at which they are due', () => {
    expect(persisted(patient).timers).toEqual([
      {
        id: 'xstate.after.1000.(machine).waiting',
        event: { type: 'xstate.after.1000.(machine).waiting' },
        dueAt: 11_000,
        source: [],
        target: [],
      },
    ]);
  });

  test('fire when they are due, without the state being entered again', () => {
    const before = persisted(patient);
    entries.length = 0;
    const { clock, now, actorOf } = process(10_700);
    const actor = actorOf(patient, before);
    restoreTimers(actor, before.timers, now);
    clock.increment(299);
    expect(actor.getSnapshot().value).toBe('waiting');
    clock.increment(1);
    expect(actor.getSnapshot().value).toBe('late');
    expect(entries).toEqual([]);
    clock.increment(500);
    expect(actor.getSnapshot().value).toBe('later');
  });

  test('fire at once where they are overdue, in the order in which they were due', () => {
    const log: string[] = [];
    const machine = createMachine({
      entry: [
        raise({ type: 'third' }, { delay: 3_000 }),
        raise({ type: 'first' }, { delay: 1_000 }),
        raise({ type: 'second' }, { delay: 2_000 }),
      ],
      on: { '*': { actions: ({ event }) => log.push(event.type) } },
    });
    const before = persisted(machine);
    const { clock, now, actorOf } = process(99_000);
    restoreTimers(actorOf(machine, before), before.timers.toReversed(), now);
    clock.increment(0);
    expect(log).toEqual(['first', 'second', 'third']);
  });

  test('are cancelled by leaving the state, as ever', () => {
    const before = persisted(patient);
    const { clock, now, actorOf } = process(10_400);
    const actor = actorOf(patient, before);
    restoreTimers(actor, before.timers, now);
    actor.send({ type: 'leave' });
    clock.increment(10_000);
    expect(actor.getSnapshot().value).toBe('left');
    expect(persistTimers(actor, now)).toEqual([]);
  });

  test('of an actor inside of a machine come back as well', () => {
    const parent = createMachine({ invoke: { src: 'patient', id: 'inner' } }, { actors: { patient } });
    const before = persisted(parent);
    expect(before.timers).toMatchObject([{ dueAt: 11_000, source: ['inner'], target: ['inner'] }]);
    const { clock, now, actorOf } = process(10_400);
    const actor = actorOf(parent, before);
    restoreTimers(actor, before.timers, now);
    clock.increment(600);
    expect(actor.getSnapshot().children.inner.getSnapshot().value).toBe('late');
  });

  test('cannot be persisted where they go to somebody else', () => {
    const { actorOf } = process(0);
    const friend = actorOf(createMachine({}));
    const machine = createMachine({ entry: sendTo(() => friend, { type: 'hello' }, { delay: 10 }) });
    expect(() => persistTimers(actorOf(machine))).toThrow('"hello"');
  });

  test('need a system whose timers are indexed', () => {
    expect(() => persistTimers(createActor(patient))).toThrow('indexTimers');
  });
});

describe('a supervised actor that is resumed', () => {
  const started = (load: () => PersistedActor | undefined, now: () => number) => {
    const children = [{ id: 'm', name: 'm', logic: resumed(patient, load, now) }];
    return stage(supervisor({ strategy: 'one_for_one', children }));
  };

  test('goes on where it was, each time it is restarted', async () => {
    const before = persisted(patient);
    const { system, clock } = await started(
      () => before,
      () => 10_900,
    );
    const state = () => system.tree().children[0]?.state;
    clock.increment(100);
    await until(() => state() === 'late');
    system.crash('root/m');
    await until(() => state() === 'waiting');
    clock.increment(100);
    await until(() => state() === 'late');
    await system.stop();
  });

  test('begins at the beginning where nothing was stored', async () => {
    const { system, clock } = await started(
      () => undefined,
      () => 0,
    );
    clock.increment(999);
    await quiet();
    expect(system.tree().children[0]?.state).toBe('waiting');
    clock.increment(1);
    await until(() => system.tree().children[0]?.state === 'late');
    await system.stop();
  });

  test('has the event of a timer persisted that has fired but still waits in the mailbox', async () => {
    const { system, clock } = await started(
      () => undefined,
      () => 0,
    );
    const ref = system.whereis('m');
    if (!ref) throw new Error('m is not registered');
    clock.increment(1_000);
    expect(persistTimers(ref, clock.now.bind(clock))).toMatchObject([{ dueAt: 1_000 }]);
    await until(() => system.tree().children[0]?.state === 'late');
    expect(persistTimers(ref, clock.now.bind(clock))).toMatchObject([{ dueAt: 1_500 }]);
    await system.stop();
  });
});
