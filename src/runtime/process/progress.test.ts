import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AnyActorLogic, AnyActorRef } from 'xstate';
import { assign, createActor, createMachine, fromCallback, fromPromise, SimulatedClock } from 'xstate';
import type { ProgressLimit } from '../supervisor/child-spec.ts';
import { supervisor } from '../supervisor/supervisor.ts';
import { macrotask, quiet, stage } from '../test-doubles.ts';
import { mailboxOf } from '../xstate/index.ts';
import type { HungError } from './exit.ts';
import { reportProgress, watchProgress } from './progress.ts';

const WITHIN = 5_000;

let clock: SimulatedClock;
let hung: HungError[];
const actors: AnyActorRef[] = [];

beforeEach(() => {
  clock = new SimulatedClock();
  hung = [];
});
afterEach(() => {
  for (const actor of actors.splice(0)) actor.stop();
});

/** Starts an actor and watches it; `more` of the limit beside five seconds. */
function watched(logic: AnyActorLogic, more: Partial<ProgressLimit> = {}): AnyActorRef {
  const ref = createActor(logic, { clock });
  actors.push(ref);
  watchProgress(ref, { within: WITHIN, ...more }, clock, (error) => hung.push(error));
  ref.start();
  return ref;
}

/** Time goes by in small steps, as it does where the event loop is free. */
function pass(ms: number, on: SimulatedClock = clock): void {
  for (let left = ms; left > 0; left -= 100) on.increment(Math.min(left, 100));
}

const messages = (): readonly string[] => hung.map(({ message }) => message);

/** Works while it is told to, one step for each `step`. */
const worker = createMachine({
  initial: 'idle',
  context: { steps: 0 },
  on: { step: { actions: assign({ steps: ({ context }) => Number(context.steps) + 1 }) } },
  states: { idle: { on: { work: 'calling' } }, calling: { on: { rest: 'idle' } } },
});
const isCalling = (snapshot: unknown) =>
  snapshot instanceof Object && 'value' in snapshot && snapshot.value === 'calling';

describe('by state', () => {
  test('a promise that never settles has hung once the time is up, and not before', () => {
    watched(fromPromise(() => new Promise(() => {})));
    pass(WITHIN - 1);
    expect(messages()).toEqual([]);
    pass(1);
    expect(messages()).toEqual(['no progress for 5,000 ms in state `running` (allowed: 5,000 ms)']);
  });

  test('a state that is never left is named', () => {
    const ref = watched(worker);
    pass(1_000);
    ref.send({ type: 'work' });
    pass(WITHIN - 1);
    expect(messages()).toEqual([]);
    pass(1);
    expect(messages()).toEqual(['no progress for 5,000 ms in state `calling` (allowed: 5,000 ms)']);
  });

  test('a new snapshot in the same state is progress, an event that changes nothing is none', () => {
    const ref = watched(worker);
    pass(3_000);
    ref.send({ type: 'step' });
    pass(3_000);
    ref.send({ type: 'unheard' });
    pass(1_999);
    expect(messages()).toEqual([]);
    pass(1);
    expect(hung).toHaveLength(1);
  });

  test('it is told once, however long it goes on', () => {
    watched(worker);
    for (let second = 0; second < 60; second++) pass(1_000);
    expect(hung).toHaveLength(1);
  });

  test('an actor that has ended has not hung', () => {
    watched(worker).stop();
    pass(WITHIN);
    expect(messages()).toEqual([]);
  });

  test('who ends the watch hears nothing any more', () => {
    const ref = createActor(worker, { clock }).start();
    actors.push(ref);
    const end = watchProgress(ref, { within: WITHIN }, clock, (error) => hung.push(error));
    end();
    pass(WITHIN);
    expect(messages()).toEqual([]);
  });
});

describe('busy', () => {
  test('an actor that only waits to be spoken to is never hung', () => {
    watched(worker, { busy: isCalling });
    for (let minute = 0; minute < 60; minute++) pass(60_000);
    expect(messages()).toEqual([]);
  });

  test('time counts from when it became busy, and none passes while it rests', () => {
    const ref = watched(worker, { busy: isCalling });
    pass(60_000);
    ref.send({ type: 'work' });
    pass(4_000);
    ref.send({ type: 'rest' });
    pass(4_000);
    ref.send({ type: 'work' });
    pass(4_999);
    expect(messages()).toEqual([]);
    pass(1);
    expect(hung).toHaveLength(1);
  });

  test('a predicate that throws does not excuse the actor', () => {
    const busy = () => {
      throw new Error('cannot tell');
    };
    watched(worker, { busy });
    pass(WITHIN);
    expect(hung).toHaveLength(1);
  });
});

describe('by signal', () => {
  test('signals keep a long worker alive, its snapshots do not', () => {
    const ref = watched(worker, { by: 'signal' });
    for (let minute = 0; minute < 60; minute++) {
      pass(WITHIN - 1);
      reportProgress(ref);
    }
    expect(messages()).toEqual([]);
    pass(WITHIN - 1);
    ref.send({ type: 'step' });
    pass(1);
    expect(hung).toHaveLength(1);
  });

  test('an inner actor speaks for the nearest one above it that is watched, and for no other', () => {
    const inner: AnyActorRef[] = [];
    const leaf = fromCallback(({ self }) => void inner.push(self));
    const middle = createMachine({ invoke: { src: leaf } });
    const outer = createMachine({ invoke: { src: middle } });
    const ref = watched(outer, { by: 'signal' });
    const [self] = inner;
    if (!self) throw new Error('the innermost actor did not start');
    pass(4_000);
    reportProgress(self);
    pass(4_000);
    expect(messages()).toEqual([]);
    const nearest: HungError[] = [];
    const end = watchProgress(self, { within: WITHIN, by: 'signal' }, clock, (e) => nearest.push(e));
    reportProgress(self);
    pass(1_000);
    expect([hung.length, nearest.length]).toEqual([1, 0]);
    end();
    expect(ref.getSnapshot().status).toBe('active');
  });

  test('a signal that nobody waits for does no harm', () => {
    expect(() => reportProgress(createActor(worker))).not.toThrow();
  });
});

test('a loop that was blocked is nobody’s fault: the time starts anew', () => {
  watched(worker);
  clock.increment(WITHIN + 251);
  clock.increment(WITHIN - 1);
  expect(messages()).toEqual([]);
  clock.increment(1);
  expect(hung).toHaveLength(1);
});

describe('under a supervisor', () => {
  async function supervised(logic: AnyActorLogic, progress: ProgressLimit) {
    const children = [{ id: 'child', name: 'child', logic, progress }];
    const { system, clock, reports } = await stage(
      supervisor({ strategy: 'one_for_one', intensity: 10, children }),
    );
    const ref = system.whereis('child');
    if (!ref) throw new Error('the child did not start');
    return { system, clock, reports, ref };
  }

  test('a hung child is restarted, its promise sees the signal aborted, its late result is ignored', async () => {
    const calls: { signal: AbortSignal; settle: (answer: string) => void }[] = [];
    const logic = fromPromise<string>(
      ({ signal }) => new Promise((settle) => calls.push({ signal, settle })),
    );
    const { system, clock, reports, ref } = await supervised(logic, { within: WITHIN });
    pass(WITHIN, clock);
    await quiet();
    const next = system.whereis('child');
    expect(next).not.toBe(ref);
    expect(calls.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    expect(reports.filter(({ type }) => type === 'supervisor_report')).toMatchObject([
      { errorContext: 'child_terminated', reason: { kind: 'error', error: { name: 'HungError' } } },
    ]);
    calls[0]?.settle('too late');
    await quiet();
    expect(ref.getSnapshot().status).toBe('error');
    expect(next?.getSnapshot().status).toBe('active');
    await system.stop();
  });

  test('a mailbox that nobody empties while messages wait has hung; an empty one has not', async () => {
    const { system, clock, reports, ref } = await supervised(worker, { within: WITHIN, by: 'mailbox' });
    const mailbox = mailboxOf(ref);
    pass(WITHIN, clock);
    pass(WITHIN, clock);
    mailbox?.suspend('test');
    ref.send({ type: 'step' });
    await macrotask();
    pass(WITHIN, clock);
    expect(ref.getSnapshot().status).toBe('active');
    pass(WITHIN, clock);
    await quiet();
    const [report] = reports.filter(({ type }) => type === 'supervisor_report');
    expect(report).toMatchObject({
      reason: {
        error: {
          message: 'no progress for 5,000 ms in state `idle`, messages waiting: 1 (allowed: 5,000 ms)',
        },
      },
    });
    await system.stop();
  });

  test('a mailbox that moves has not hung, however slowly and however full it is', async () => {
    const { system, clock, ref } = await supervised(worker, { within: WITHIN, by: 'mailbox' });
    const mailbox = mailboxOf(ref);
    if (!mailbox) throw new Error('a supervised worker has no mailbox');
    // One message at a time.
    mailbox.tap = { taken: () => mailbox.suspend('test'), handled: () => {} };
    for (let message = 0; message < 20; message++) ref.send({ type: 'step' });
    for (let taken = 1; taken < 20; taken++) {
      await quiet();
      expect(mailbox.takenCount).toBe(taken);
      pass(WITHIN - 1, clock);
      mailbox.resume('test');
    }
    expect(ref.getSnapshot().status).toBe('active');
    await system.stop();
  });
});

describe('an actor that is made to hang', () => {
  test.each(['state', 'signal', 'mailbox'] as const)(
    'is found and restarted, though it has nothing to do, by %s',
    async (by) => {
      const logic = fromCallback(({ self }) => {
        reportProgress(self);
      });
      const progress = { within: WITHIN, by, busy: () => false };
      const { system, clock } = await stage(supervisor({ children: [{ id: 'a', logic, progress }] }));
      expect(system.hang('root/a')).toBe(true);
      pass(2 * WITHIN, clock);
      await quiet();
      expect(system.tree().children[0]).toMatchObject({ incarnation: 2, state: 'running' });
      await system.stop();
    },
  );

  test('must be one whose progress is limited', async () => {
    const logic = fromCallback(() => {});
    const { system } = await stage(supervisor({ children: [{ id: 'a', logic }] }));
    expect(system.hang('root/a')).toBe(false);
    expect(system.hang('root/nobody')).toBe(false);
    await system.stop();
  });
});
