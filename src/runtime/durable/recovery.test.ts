import { describe, expect, test } from 'vitest';
import { until } from '../test-doubles.ts';
import type { EffectClass } from './index.ts';
import type { CounterEvent } from './testing/counter.ts';
import { type Life, openStage } from './testing/stage.ts';

const wanted = (effectClass: EffectClass): CounterEvent => ({ type: 'letter.wanted', class: effectClass });
const never = () => new Promise<void>(() => {});

async function runningEffect(life: Life) {
  await until(() => Object.keys(life.ref.getSnapshot().children).length === 1);
  const [effect] = Object.values(life.ref.getSnapshot().children);
  if (!effect) throw new Error('nothing runs');
  return effect;
}

const typesOf = (journal: readonly { readonly type: string }[]) => journal.map(({ type }) => type);

describe('a durable machine', () => {
  test('goes on in its next life from where the last commit left it', async () => {
    const stage = openStage();
    const first = stage.start();
    first.send({ type: 'count.added', by: 2 }, { type: 'count.added', by: 3 });
    await until(() => stage.store.commits === 2);
    first.kill();
    const second = stage.start();
    second.send({ type: 'count.closed' });
    expect(await second.ended()).toBeUndefined();
    expect(stage.stored().journal.at(-1)).toMatchObject({ type: 'count.closed', total: 5, seq: 3 });
    expect(stage.stored().replies).toEqual([{ id: 'counter/1:3:0', channel: 'test', payload: { total: 5 } }]);
    expect(stage.stored().snapshot).toBeNull();
  });

  test('begins an effect only after its intention is on disk', async () => {
    const stage = openStage();
    stage.store.fault = { at: 1, when: 'before' };
    const life = stage.start();
    life.send(wanted('idempotent'));
    expect(await life.ended()).toBeInstanceOf(Error);
    expect(stage.posted).toEqual([]);
  });

  test('writes the rows of an outcome in the step that takes it in', async () => {
    const stage = openStage();
    const life = stage.start();
    life.send(wanted('idempotent'));
    await until(() => stage.stored().journal.length === 2);
    expect(typesOf(stage.stored().journal)).toEqual(['letter.requested', 'letter.sent']);
    expect(stage.stored().notes).toEqual(['sent at 0']);
    expect(stage.stored().effects.size).toBe(0);
  });

  test('puts an input on record that nothing waits for, and one that is none is let go', async () => {
    const stage = openStage();
    stage.scope.deliver = never;
    stage.store.inbox.set('early', wanted('pure'));
    const life = stage.start();
    life.send(wanted('pure'), wanted('pure'), { ...wanted('pure'), inboxId: 'early' });
    await until(() => stage.store.inbox.size === 0);
    expect(stage.stored().journal.at(-1)).toMatchObject({
      type: 'input.refused',
      inboxId: 'early',
      why: 'unexpected',
    });
    expect(life.state).toBe('writing');
  });

  test('stops an effect whose outcome is not wanted any more', async () => {
    const stage = openStage();
    stage.scope.deliver = never;
    const life = stage.start();
    life.send(wanted('pure'));
    const letter = await runningEffect(life);
    life.send({ type: 'letter.unwanted' });
    await life.reaches('counting');
    expect(letter.getSnapshot().status).toBe('stopped');
    expect(life.ref.getSnapshot().children).toEqual({});
    expect(stage.stored().effects.size).toBe(0);
  });

  test('ignores an outcome that comes when it is not wanted any more', async () => {
    const stage = openStage();
    const [held, written] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    stage.scope.deliver = () => held.promise;
    const life = stage.start();
    life.send(wanted('pure'));
    const letter = await runningEffect(life);
    stage.scope.deliver = never;
    stage.store.gate = written.promise;
    life.send({ type: 'letter.unwanted' }, wanted('pure'));
    held.resolve();
    await until(() => letter.getSnapshot().status === 'done');
    written.resolve();
    life.send({ type: 'count.added', by: 1 });
    await until(() => stage.stored().journal.at(-1)?.type === 'count.added');
    expect(typesOf(stage.stored().journal)).toEqual([
      'letter.requested',
      'letter.unwanted',
      'letter.requested',
      'count.added',
    ]);
    expect(life.state).toBe('writing');
  });

  test('that is done stops what it had begun and leaves nothing open', async () => {
    const stage = openStage();
    stage.scope.deliver = never;
    const life = stage.start();
    life.send(wanted('pure'));
    const letter = await runningEffect(life);
    life.send({ type: 'count.closed' });
    expect(await life.ended()).toBeUndefined();
    expect(letter.getSnapshot().status).toBe('stopped');
    expect(stage.stored()).toMatchObject({ snapshot: null, effects: new Map() });
  });

  test('takes in what arrived while it was being opened', async () => {
    const stage = openStage();
    const life = stage.start();
    expect(life.state).toBe('opening');
    life.send({ type: 'count.added', by: 1 });
    await until(() => stage.store.commits === 1);
    expect(life.state).toBe('counting');
  });
});

describe('after a death in the middle of an effect', () => {
  test('one with an outcome is never run again', async () => {
    const stage = openStage();
    const first = stage.start();
    first.send(wanted('pure'));
    await until(() => stage.stored().journal.length === 2);
    first.kill();
    await stage.start().reaches('counting');
    expect(stage.posted).toHaveLength(1);
  });

  test.each(['pure', 'idempotent'] as const)('a %s one is run again under the same id', async (kind) => {
    const stage = openStage();
    stage.scope.deliver = never;
    const first = stage.start();
    first.send(wanted(kind));
    await until(() => stage.posted.length === 1);
    first.kill();
    stage.scope.deliver = async () => {};
    await stage.start().reaches('counting');
    expect(stage.posted).toEqual(['counter/1:1:0', 'counter/1:1:0']);
    expect(typesOf(stage.stored().journal)).toEqual(['letter.requested', 'letter.sent']);
  });

  test('one that must happen once is not run again: the machine is told that nobody knows', async () => {
    const stage = openStage();
    stage.scope.deliver = never;
    const first = stage.start();
    first.send(wanted('once'));
    await until(() => stage.posted.length === 1);
    first.kill();
    await stage.start().reaches('counting');
    expect(stage.posted).toHaveLength(1);
    expect(typesOf(stage.stored().journal)).toEqual(['letter.requested', 'letter.unknown']);
    expect(stage.stored().effects.size).toBe(0);
  });
});

describe('an effect whose own actor dies', () => {
  test('is run again in the same life, under the same id', async () => {
    const stage = openStage();
    let failures = 2;
    stage.scope.deliver = async () => {
      if (failures-- > 0) throw new Error('the post is closed');
    };
    const life = stage.start();
    life.send(wanted('idempotent'));
    await until(() => stage.stored().notes.length === 1);
    expect(new Set(stage.posted)).toEqual(new Set(['counter/1:1:0']));
    expect(stage.scope.troubles).toMatchObject([
      { type: 'effect-died', deaths: 1 },
      { type: 'effect-died', deaths: 2 },
    ]);
  });

  test('is not run again where it must happen once', async () => {
    const stage = openStage();
    stage.scope.deliver = () => Promise.reject(new Error('lost on the way'));
    const life = stage.start();
    life.send(wanted('once'));
    await until(() => stage.stored().journal.length === 2);
    expect(typesOf(stage.stored().journal)).toEqual(['letter.requested', 'letter.unknown']);
    expect(stage.posted).toHaveLength(1);
  });

  test('or hangs is stopped, counts as died, and says nothing more', async () => {
    const stage = openStage();
    const held = Promise.withResolvers<void>();
    stage.scope.deliver = () => held.promise;
    const life = stage.start();
    life.send(wanted('idempotent'));
    await until(() => stage.posted.length === 1);
    const [hung] = Object.values(life.ref.getSnapshot().children);
    stage.scope.deliver = never;
    stage.clock.increment(1_000);
    await until(() => stage.posted.length === 2);
    expect(hung?.getSnapshot().status).toBe('stopped');
    expect(stage.scope.troubles).toMatchObject([{ type: 'effect-died', error: { name: 'HungError' } }]);
    held.resolve();
    life.send({ type: 'count.added', by: 1 });
    await until(() => stage.stored().journal.length === 2);
    expect(typesOf(stage.stored().journal)).toEqual(['letter.requested', 'count.added']);
  });
});

describe('two owners of one actor', () => {
  test('are one: the older is fenced off, writes nothing and stops', async () => {
    const stage = openStage();
    const old = stage.start();
    old.send({ type: 'count.added', by: 1 });
    await until(() => stage.store.commits === 1);
    const young = stage.start();
    await young.reaches('counting');
    old.send({ type: 'count.added', by: 10 });
    expect(await old.ended()).toMatchObject({ name: 'FencedError' });
    young.send({ type: 'count.added', by: 100 });
    await until(() => stage.stored().journal.length === 2);
    expect(stage.stored().journal).toMatchObject([{ by: 1 }, { by: 100 }]);
  });
});

describe.each(['idempotent', 'once'] as const)('a crash at any commit, with a letter that is %s,', (kind) => {
  const script: readonly CounterEvent[] = [
    { type: 'count.added', by: 1 },
    wanted(kind),
    { type: 'count.added', by: 2 },
    { type: 'count.closed' },
  ];
  const boundaries = [1, 2, 3, 4, 5].flatMap((at) => [
    { at, when: 'before' } as const,
    { at, when: 'after' } as const,
  ]);

  test.each(boundaries)('$when commit $at is written, loses and doubles nothing', async (fault) => {
    const stage = openStage();
    script.forEach((event, place) => {
      stage.store.inbox.set(String(place), { ...event, inboxId: String(place) });
    });
    stage.store.fault = fault;
    for (let life = stage.start(); ; life = stage.start()) {
      if ((await playInputs(stage, life)) === undefined) break;
    }
    expect(stage.store.commits).toBeGreaterThan(fault.at - 1);
    const { journal, effects, replies } = stage.stored();
    expect(journal.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    const [, , outcome] = typesOf(journal);
    expect(typesOf(journal).toSpliced(2, 1)).toEqual([
      'count.added',
      'letter.requested',
      'count.added',
      'count.closed',
    ]);
    expect(journal.at(-1)).toMatchObject({ total: 3 });
    expect(replies).toHaveLength(1);
    expect(effects.size).toBe(0);
    expect(new Set(stage.posted).size).toBeLessThanOrEqual(1);
    if (kind === 'once') expect(stage.posted.length).toBeLessThanOrEqual(1);
    else expect(outcome).toBe('letter.sent');
  });
});

/** Hands the actor one open input after the other, whenever it is ready for one, until it ends. */
async function playInputs(stage: ReturnType<typeof openStage>, life: Life): Promise<unknown> {
  const sent = new Set<string>();
  const sendNext = (): void => {
    const [first] = stage.store.inbox;
    if (life.state !== 'counting' || !first || sent.has(first[0])) return;
    sent.add(first[0]);
    life.ref.send(first[1]);
  };
  life.ref.subscribe({ next: sendNext, error: () => {} });
  return life.ended();
}
