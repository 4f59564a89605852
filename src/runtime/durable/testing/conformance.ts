import { expect, test } from 'vitest';
import {
  type DurableStore,
  FencedError,
  type IntendedEffect,
  StaleInputError,
  type Step,
  UnsupportedVersionError,
} from '../index.ts';

export interface ConformanceRecord {
  readonly type: 'noted';
  readonly text: string;
}

/** What a conforming store shows of itself beside the port. */
export interface ConformanceStage<W> {
  readonly store: DurableStore<ConformanceRecord, W>;
  /** A key that was not used before. */
  newKey(): string;
  /** The id of an input that waits for this actor. */
  newInput(key: string): Promise<string>;
  entries(key: string): Promise<readonly { readonly seq: number; readonly text: string }[]>;
  deadLetters(key: string): Promise<readonly { readonly seq: number; readonly event: unknown }[]>;
}

const CRASH = { event: { type: 'poison', of: 'x' }, inputs: ['a'], effectId: 'k:1:0', error: 'Error: boom' };

/** What every store of durable actors must do. */
export function testDurableStore<W>(stage: () => ConformanceStage<W>): void {
  const noted = (
    text: string,
    more: Partial<Step<ConformanceRecord, W>> = {},
  ): Step<ConformanceRecord, W> => ({
    records: [{ type: 'noted', text }],
    snapshot: { state: 's', context: {} },
    ...more,
  });

  test('an actor that nobody has heard of begins with nothing', async () => {
    const { store, newKey } = stage();
    const opened = await store.open(newKey(), 1);
    expect(opened).toMatchObject({ snapshot: null, openEffects: [], crash: null });
    expect(opened.journal.seq).toBe(0);
  });

  test('a step is found again, with its entries numbered without a gap', async () => {
    const { store, newKey, entries } = stage();
    const key = newKey();
    const { journal } = await store.open(key, 1);
    await journal.commit(() => noted('one'));
    const committed = await journal.commit((firstSeq) => noted(`number ${firstSeq}`));
    expect(committed.entries).toMatchObject([{ seq: 2, type: 'noted', text: 'number 2' }]);
    expect(await entries(key)).toMatchObject([
      { seq: 1, text: 'one' },
      { seq: 2, text: 'number 2' },
    ]);
    const again = await store.open(key, 1);
    expect(again).toMatchObject({ snapshot: { state: 's', context: {} }, version: 1 });
    expect(again.journal.seq).toBe(2);
  });

  test('a step is told of while it is coming, as it will stand there', async () => {
    const { store, newKey } = stage();
    const { journal } = await store.open(newKey(), 1);
    const told: unknown[] = [];
    const writing = journal.commit(
      () => noted('one'),
      (coming) => told.push('coming', coming.entries),
    );
    const { entries } = await writing.finally(() => told.push('there'));
    expect(told).toEqual(['coming', entries, 'there']);
  });

  test('an input is taken in once: offered again, to this life or a later one, nothing is written', async () => {
    const { store, newKey, entries, newInput } = stage();
    const key = newKey();
    const [first, second] = [await newInput(key), await newInput(key)];
    const { journal } = await store.open(key, 1);
    await journal.commit(() => noted('taken', { taken: [first] }));
    await expect(journal.commit(() => noted('again', { taken: [first] }))).rejects.toBeInstanceOf(
      StaleInputError,
    );
    const later = await store.open(key, 1);
    const both = later.journal.commit(() => noted('both', { taken: [second, first] }));
    await expect(both).rejects.toBeInstanceOf(StaleInputError);
    await later.journal.commit(() => noted('the other', { taken: [second] }));
    expect((await entries(key)).map(({ text }) => text)).toEqual(['taken', 'the other']);
  });

  test('a crash that is put aside takes its inputs as they are', async () => {
    const { store, newKey, deadLetters, newInput } = stage();
    const key = newKey();
    const input = await newInput(key);
    const { journal } = await store.open(key, 1);
    await journal.commit(() => noted('taken', { taken: [input] }));
    await journal.commit(() => noted('put aside', { taken: [input], parked: CRASH }));
    expect(await deadLetters(key)).toHaveLength(1);
  });

  test('opening fences every older life off, at once and whatever it does', async () => {
    const { store, newKey, entries } = stage();
    const key = newKey();
    const old = await store.open(key, 1);
    await old.journal.commit(() => noted('mine'));
    const young = await store.open(key, 1);
    await expect(old.journal.commit(() => noted('late'))).rejects.toBeInstanceOf(FencedError);
    await expect(old.journal.commit(() => noted('x', { records: [] }))).rejects.toBeInstanceOf(FencedError);
    await expect(old.journal.attempt()).rejects.toBeInstanceOf(FencedError);
    await old.journal.crashed(CRASH, new Error('boom'));
    await young.journal.commit(() => noted('ours'));
    expect(await entries(key)).toMatchObject([{ text: 'mine' }, { text: 'ours' }]);
    expect(await store.open(key, 1)).toMatchObject({ crash: null });
  });

  test('one that is created is there from its first step on', async () => {
    const { store, newKey, newInput, entries } = stage();
    const key = newKey();
    const input = await newInput(newKey());
    const created = store.create(key, 2);
    expect(created).toMatchObject({ snapshot: null, version: 2, openEffects: [], crash: null });
    expect(created.journal.seq).toBe(0);
    const first = await created.journal.commit((seq) => noted(`number ${seq}`, { taken: [input] }));
    expect(first.entries).toMatchObject([{ seq: 1, text: 'number 1' }]);
    await created.journal.commit((seq) => noted(`number ${seq}`));
    expect(await entries(key)).toMatchObject([
      { seq: 1, text: 'number 1' },
      { seq: 2, text: 'number 2' },
    ]);
    expect(await created.journal.attempt()).toBe(1);
    const later = await store.open(key, 2);
    expect(later).toMatchObject({ snapshot: { state: 's', context: {} }, version: 2 });
    await expect(created.journal.commit(() => noted('late'))).rejects.toBeInstanceOf(FencedError);
  });

  test('of those that create the same one is the first', async () => {
    const { store, newKey, newInput, entries } = stage();
    const key = newKey();
    const input = await newInput(newKey());
    const [one, other, third] = [store.create(key, 1), store.create(key, 1), store.create(key, 1)];
    await one.journal.commit(() => noted('one', { taken: [input] }));
    await expect(other.journal.commit(() => noted('other'))).rejects.toBeInstanceOf(FencedError);
    const taking = third.journal.commit(() => noted('third', { taken: [input] }));
    await expect(taking).rejects.toBeInstanceOf(FencedError);
    await other.journal.crashed(CRASH, new Error('boom'));
    expect(await entries(key)).toMatchObject([{ text: 'one' }]);
    expect(await store.open(key, 1)).toMatchObject({ crash: null });
    const opened = newKey();
    await store.open(opened, 1);
    const late = store.create(opened, 1).journal.commit(() => noted('late'));
    await expect(late).rejects.toBeInstanceOf(FencedError);
  });

  test('one that is created with an input that was dealt with is not there', async () => {
    const { store, newKey, newInput, entries } = stage();
    const [key, other] = [newKey(), newKey()];
    const input = await newInput(key);
    await (await store.open(key, 1)).journal.commit(() => noted('taken', { taken: [input] }));
    const again = store.create(other, 1).journal.commit(() => noted('again', { taken: [input] }));
    await expect(again).rejects.toBeInstanceOf(StaleInputError);
    expect(await entries(other)).toEqual([]);
  });

  test('what one that was created crashed on before its first step is remembered', async () => {
    const { store, newKey } = stage();
    const key = newKey();
    await store.create(key, 1).journal.crashed(CRASH, new Error('boom'));
    const next = await store.open(key, 1);
    expect(next).toMatchObject({ snapshot: null, crash: CRASH });
    expect(next.journal.seq).toBe(0);
  });

  test('effects are open until they are finished', async () => {
    const { store, newKey } = stage();
    const key = newKey();
    const { journal } = await store.open(key, 1);
    const effect = (place: number): IntendedEffect => {
      return { id: `${key}:1:${place}`, kind: 'k', class: 'once', request: { type: 'k', params: { place } } };
    };
    await journal.commit(() => noted('x', { intended: [effect(0), effect(1)] }));
    expect(await store.open(key, 1)).toMatchObject({ openEffects: [effect(0), effect(1)] });
    const again = await store.open(key, 1);
    await again.journal.commit(() => noted('y', { finished: [effect(0).id] }));
    expect((await store.open(key, 1)).openEffects).toEqual([effect(1)]);
  });

  test('tries and a crash are remembered until the next step', async () => {
    const { store, newKey } = stage();
    const key = newKey();
    const first = await store.open(key, 1);
    await first.journal.commit(() => noted('x'));
    expect(await first.journal.attempt()).toBe(1);
    await first.journal.crashed(CRASH, new Error('boom'));
    const second = await store.open(key, 1);
    expect(second.crash).toEqual(CRASH);
    expect(await second.journal.attempt()).toBe(2);
    await second.journal.commit(() => noted('y'));
    const third = await store.open(key, 1);
    expect(third.crash).toBeNull();
    expect(await third.journal.attempt()).toBe(1);
  });

  test('a parked event is kept with its place in the journal', async () => {
    const { store, newKey, deadLetters } = stage();
    const key = newKey();
    const { journal } = await store.open(key, 1);
    await journal.commit(() => noted('x'));
    await journal.commit(() => noted('y', { parked: CRASH }));
    await journal.commit(() => noted('z'));
    expect(await deadLetters(key)).toMatchObject([{ seq: 1, event: CRASH.event, error: CRASH.error }]);
  });

  test('a state of a newer version is refused and left as it is; without a state the version is free', async () => {
    const { store, newKey } = stage();
    const key = newKey();
    const { journal } = await store.open(key, 2);
    await journal.commit(() => noted('x'));
    await expect(store.open(key, 1)).rejects.toThrow(UnsupportedVersionError);
    await expect(store.open(key, 1)).rejects.toThrow(/version 2.*up to 1/s);
    // Not even the life that stored it was fenced off.
    await journal.commit(() => noted('y', { snapshot: null }));
    expect(await store.open(key, 1)).toMatchObject({ snapshot: null });
  });
}
