import { describe, expect, test } from 'vitest';
import { until } from '../test-doubles.ts';
import { StoreTrouble } from './memory-store.ts';
import { type CounterEvent, counter } from './testing/counter.ts';
import { openStage } from './testing/stage.ts';

const POISON: CounterEvent = { type: 'count.added', by: Number.NaN, inboxId: 'poison' };
const LETTER: CounterEvent = { type: 'letter.wanted', class: 'idempotent' };
const typesOf = (journal: readonly { readonly type: string }[]) => journal.map(({ type }) => type);

/** A counter that has counted one thing, and is given something in its inbox that no step can take. */
async function poisoned(declared = counter()) {
  const stage = openStage(declared);
  stage.store.inbox.set('poison', POISON);
  const first = stage.start();
  first.send({ type: 'count.added', by: 1 });
  await until(() => stage.store.commits === 1);
  first.send(POISON);
  await first.ended();
  return stage;
}

describe('an event that crashes every life', () => {
  test('is parked after the fourth, with its place in the journal, and the actor goes on', async () => {
    const stage = await poisoned();
    await stage.crash(3, (life) => life.send(POISON));
    expect(stage.stored().deadLetters).toEqual([]);
    const life = stage.start();
    await until(() => stage.stored().deadLetters.length === 1);
    expect(stage.stored().deadLetters).toMatchObject([
      { seq: 1, event: { type: 'count.added' }, error: expect.stringContaining('cannot count by NaN') },
    ]);
    expect(stage.store.inbox.size).toBe(0);
    expect(stage.scope.troubles).toMatchObject([{ type: 'parked', key: 'counter/1', crashes: 4 }]);
    life.send({ type: 'count.added', by: 2 }, { type: 'count.closed' });
    expect(await life.ended()).toBeUndefined();
    expect(typesOf(stage.stored().journal)).toEqual([
      'count.added',
      'step.parked',
      'count.added',
      'count.closed',
    ]);
    expect(stage.stored().journal.at(-1)).toMatchObject({ total: 3 });
  });

  test('is parked as soon as the declaration says', async () => {
    const stage = await poisoned(counter({ maxCrashes: 1 }));
    stage.start();
    await until(() => stage.stored().deadLetters.length === 1);
    expect(stage.scope.troubles).toMatchObject([{ type: 'parked', crashes: 1 }]);
  });

  test('leaves alone an effect that has nothing to do with it', async () => {
    const stage = openStage(counter({ maxCrashes: 1 }));
    stage.scope.deliver = () => new Promise(() => {});
    const first = stage.start();
    first.send(LETTER, POISON);
    await first.ended();
    stage.start();
    await until(() => stage.stored().deadLetters.length === 1);
    await until(() => stage.posted.length === 2);
    expect([...stage.stored().effects.keys()]).toEqual(['counter/1:1:0']);
  });

  test('takes the state with it where the machine cannot even be told', async () => {
    const stage = await poisoned(
      counter({
        maxCrashes: 1,
        parked() {
          throw new Error('and this crashes too');
        },
      }),
    );
    expect(await stage.start().ended()).toBeUndefined();
    expect(stage.stored()).toMatchObject({ snapshot: null, deadLetters: [{ seq: 1 }] });
    expect(stage.stored().journal.at(-1)).toMatchObject({ type: 'input.refused', why: 'crashed' });
  });

  test('is put on record as refused where it is the very first', async () => {
    const stage = openStage(counter({ maxCrashes: 2 }));
    stage.store.inbox.set('poison', POISON);
    for (const _ of [1, 2]) expect(await stage.start({ event: POISON }).ended()).toBeInstanceOf(Error);
    expect(await stage.start({ event: POISON }).ended()).toBeUndefined();
    expect(stage.stored().journal).toMatchObject([
      { type: 'input.refused', inboxId: 'poison', why: 'crashed' },
    ]);
    expect(stage.stored().deadLetters).toMatchObject([{ seq: 0 }]);
    expect(stage.store.inbox.size).toBe(0);
  });

  test('is not confused with a store in trouble, which is nobody’s fault', async () => {
    const stage = openStage(counter({ maxCrashes: 1 }));
    stage.store.fault = { at: 1, when: 'before', error: new StoreTrouble('the disk is full') };
    const first = stage.start();
    first.send({ type: 'count.added', by: 1 });
    await first.ended();
    const second = stage.start();
    second.send({ type: 'count.added', by: 1 });
    await until(() => stage.stored().journal.length === 1);
    expect(stage.stored().deadLetters).toEqual([]);
  });
});

describe('an effect that kills every life', () => {
  test('by its own death is parked, and its actor told', async () => {
    const stage = openStage(counter({ maxCrashes: 2, maxRevivals: 0 }));
    stage.scope.deliver = () => Promise.reject(new Error('boom'));
    const first = stage.start();
    first.send(LETTER);
    await first.ended();
    await stage.crash(1, () => {});
    const life = stage.start();
    await life.reaches('counting');
    expect(stage.posted).toHaveLength(2);
    expect(stage.stored().deadLetters).toMatchObject([
      { seq: 1, event: { type: 'effect.died', kind: 'sendLetter' }, error: expect.stringContaining('boom') },
    ]);
    expect(stage.stored().effects.size).toBe(0);
  });

  test('without a word, as one that kills the process, is found out by counting', async () => {
    const stage = openStage();
    stage.scope.deliver = () => new Promise(() => {});
    stage.start().send(LETTER);
    await until(() => stage.posted.length === 1);
    for (let life = 2; life <= 4; life++) {
      stage.start();
      await until(() => stage.posted.length === life);
    }
    await stage.start().reaches('counting');
    expect(stage.posted).toHaveLength(4);
    expect(stage.stored().deadLetters).toMatchObject([{ seq: 1, event: { type: 'process.ended' } }]);
  });

  test('is forgiven once a step has been made', async () => {
    const stage = openStage(counter({ maxCrashes: 2 }));
    stage.scope.deliver = () => new Promise(() => {});
    stage.start().send(LETTER);
    await until(() => stage.posted.length === 1);
    for (let life = 2; life <= 6; life++) {
      const next = stage.start();
      await until(() => stage.posted.length === life);
      next.send({ type: 'count.added', by: 1 });
      await until(() => stage.stored().journal.length === life);
    }
    expect(stage.stored().deadLetters).toEqual([]);
  });
});

test('an actor that only waits may be brought back as often as it likes', async () => {
  const stage = openStage(counter({ maxCrashes: 1 }));
  const first = stage.start();
  first.send({ type: 'count.added', by: 1 });
  await until(() => stage.store.commits === 1);
  for (let life = 0; life < 5; life++) await stage.start().reaches('counting');
  expect(stage.stored().deadLetters).toEqual([]);
});
